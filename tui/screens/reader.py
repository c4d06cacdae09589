"""One article, whole, with the words that an answer cites, and what has become of it since."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.style import Style
from textual.widgets import Footer, Static

from tui.commands import Place, bindings
from tui.display import CHOSEN_STYLE, MARKED_STYLE, Mark, also_in, count, day, disarm, marks_in, minute, one_line
from tui.messages import ArticleChecked
from tui.screens.desk_screen import DeskScreen

if TYPE_CHECKING:
    from datetime import datetime

    from qa.articles import Article
    from qa.catalog import Revision


class ArticleText(Static):
    """The text with its marks. Each piece carries the index of its mark, so that the lines it fills can be found."""

    def __init__(self, text: str, marks: Sequence[Mark]) -> None:
        super().__init__(id="text", markup=False)
        self.show(text, marks)

    def show(self, text: str, marks: Sequence[Mark]) -> None:
        """Take another text in the place of this one."""
        self.text = text
        self.marks = marks
        self.chosen = next((n for n, mark in enumerate(marks) if mark.chosen), None)
        self.refresh(layout=True)

    def render(self) -> Content:
        """Each piece between two cuts is disarmed by itself, since disarming moves what comes after it."""
        cuts = sorted({0, len(self.text), *(cut for mark in self.marks for cut in (mark.start, mark.end))})
        pieces = []
        for start, end in pairwise(cuts):
            over = [n for n, mark in enumerate(self.marks) if mark.start <= start and end <= mark.end]
            piece = Content(disarm(self.text[start:end]))
            if over:
                strong = self.chosen in over
                piece = piece.stylize(CHOSEN_STYLE if strong else MARKED_STYLE)
                piece = piece.stylize(Style.from_meta({"marks": tuple(over)}))
            pieces.append(piece)
        return Content("").join(pieces)

    def lines_of(self, index: int) -> tuple[int, int] | None:
        """First and last line that a mark fills as the text is wrapped now; None before it is laid out."""
        filled = [
            y
            for y in range(self.size.height)
            if any(index in segment.style.meta.get("marks", ()) for segment in self.render_line(y) if segment.style)
        ]
        return (filled[0], filled[-1]) if filled else None


class ReaderScreen(DeskScreen):
    """Shows an article as it was cited and brings the chosen words into view.

    A worker looks up what has become of it; where it has changed, the text of now can be put in its place.
    """

    CSS_PATH = "reader.tcss"
    PLACE: ClassVar[Place] = "reader"
    BINDINGS = bindings(PLACE)
    AUTO_FOCUS = "#page"

    def __init__(self, article: Article, marks: Sequence[Mark], why: str = "") -> None:
        super().__init__()
        self.article = article
        self.why = why
        self.marks = marks
        self.checked: ArticleChecked | None = None
        self._of_now = False

    def compose(self) -> ComposeResult:
        """What has become of the article, above what scrolls; head, text, keys."""
        yield Static("", id="notes", classes="caption", markup=False)
        with VerticalScroll(id="page"):
            yield Static(Content(one_line(self.article.title)), id="title")
            yield Static(Content(self._about()), id="about")
            yield ArticleText(self.article.text, self.marks)
        yield Footer(show_command_palette=False)

    @property
    def shown(self) -> Article:
        """The article whose words are on the screen: as it was cited, or as it is now."""
        now = self.checked.status.now if self.checked is not None else None
        return now if self._of_now and now is not None else self.article

    def _about(self) -> str:
        article = self.shown
        moments = minute(article.published) if article.published else "undated"
        if article.updated:
            moments += f", updated {minute(article.updated)}"
        authors = ", ".join(article.authors)
        lines = [" · ".join(filter(None, (one_line(article.outlet), moments)))]
        lines += [one_line(each) for each in (authors, article.url or article.source) if each]
        copies = also_in(article, self.checked.copies) if self.checked is not None else ""
        lines += filter(None, [copies, one_line(self.why)])
        return "\n".join(lines)

    def on_mount(self) -> None:
        """The text has no lines before it is laid out."""
        self.call_after_refresh(self.show_chosen)
        if self.desk.archive is not None:
            self._check()

    # --- what has become of it

    @work(thread=True, exclusive=True, group="check")
    def _check(self) -> None:
        with self.desk.guarded("looking the article up", self.desk.notice):
            archive = self.desk.opened_archive
            status = archive.status(self.article)
            revisions = archive.revisions(self.article) if status.state == "changed" else []
            copies = archive.copies(self.article)
            self.post_message(ArticleChecked(status, copies, replaced(self.article, revisions)))

    def on_article_checked(self, message: ArticleChecked) -> None:
        """Say what has become of it."""
        self.checked = message
        self._show_notes()
        if message.copies:
            self.query_one("#about", Static).update(Content(self._about()))

    def _show_notes(self) -> None:
        kept = len(self.query_one(ArticleText).marks) if self._of_now else None
        notes = [] if self.checked is None else notes_on(self.shown, self.checked, cited=len(self.marks), kept=kept)
        bar = self.query_one("#notes", Static)
        bar.set_class(bool(notes), "-some")
        bar.update("\n".join(notes))
        self.call_after_refresh(self.show_chosen)

    def action_switch(self) -> None:
        """From the words that were cited to those of now, and back."""
        if self.checked is None or self.checked.status.state != "changed":
            self.notify("There is no other text of this article: it is as it was cited.", markup=False)
            return
        self._of_now = not self._of_now
        shown = self.shown
        marks = marks_in(shown.text, self.marks, self.article.text) if self._of_now else self.marks
        self.query_one("#title", Static).update(Content(one_line(shown.title)))
        self.query_one("#about", Static).update(Content(self._about()))
        self.query_one(ArticleText).show(shown.text, marks)
        self._show_notes()

    # --- the marks

    def on_resize(self) -> None:
        """Other lines at another width."""
        self.call_after_refresh(self.show_chosen)

    def show_chosen(self) -> None:
        """Bring the chosen words into view, about a third down."""
        text, page = self.query_one(ArticleText), self.query_one("#page")
        if text.chosen is None or (lines := text.lines_of(text.chosen)) is None:
            return
        top = text.virtual_region.y + lines[0]
        page.scroll_to(y=max(0, top - page.size.height // 3), animate=False, immediate=True)

    def action_next_mark(self) -> None:
        """To the next cited words, in the order of the text."""
        self._step(1)

    def action_previous_mark(self) -> None:
        """To those before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        text = self.query_one(ArticleText)
        if text.marks:
            text.chosen = ((text.chosen if text.chosen is not None else -by) + by) % len(text.marks)
            text.refresh(layout=True)
            self.call_after_refresh(self.show_chosen)


def replaced(article: Article, revisions: Sequence[Revision]) -> datetime | None:
    """When another text took the place of this one; None if that is not known any more."""
    same = (each for each in revisions if each.article.text == article.text and each.article.title == article.title)
    return next((each.replaced for each in same), None)


def notes_on(shown: Article, checked: ArticleChecked, *, cited: int, kept: int | None = None) -> list[str]:
    """What one who reads an article should know.

    ``kept``: where the text of now is shown, how many of the ``cited`` passages still stand in it.
    """
    status, notes = checked.status, []
    if kept is not None:
        notes.append(f"⚠ These are the words of now; {_kept_text(kept, cited)}. t: the words as they were cited")
    elif status.state == "changed":
        when = f" on {day(checked.changed.astimezone())}" if checked.changed is not None else ""
        notes.append(
            f"⚠ This article was changed{when}, after it was cited; you see the words as they were. t: the words of now"
        )
    elif status.state == "removed":
        notes.append("⚠ This article was removed from the archive; you see the words as they were.")
    if status.gone is not None:
        notes.append(f"⚠ Its source no longer has it since {day(status.gone.astimezone())}.")
    if shown.partial:
        notes.append("⚠ Only the feed's extract is here, not the whole article.")
    return notes


def _kept_text(kept: int, cited: int) -> str:
    if kept == cited:
        return "what was cited still stands in them"
    return f"{kept} of {count(cited, 'cited passage')} still stand in them" if kept else "what was cited is gone"
