"""One article, whole, with the words that answers cite, what has become of it since, and what belongs to it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Footer, Input, Static

from tui.commands import Place, bindings
from tui.display import Mark, also_in, count, day, marks_in, minute, one_line
from tui.messages import ArticleChecked, ArticleWanted, VersionChosen
from tui.screens.desk_screen import DeskScreen
from tui.widgets.about import About
from tui.widgets.article_text import ArticleText

if TYPE_CHECKING:
    from datetime import datetime

    from qa.articles import Article
    from qa.catalog import Revision

SIMILAR = 5
"""Articles like this one that are listed."""


class ReaderScreen(DeskScreen):
    """Shows an article as it was cited and brings the chosen words into view.

    A worker looks up what has become of it, its versions, its copies and what is like it. Where it has changed, the
    text of now can be put in its place, and each version be compared with that.
    """

    CSS_PATH = "reader.tcss"
    PLACE: ClassVar[Place] = "reader"
    BINDINGS = bindings(PLACE)
    AUTO_FOCUS = "#page"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 - Textual's declaration

    def __init__(self, article: Article, marks: Sequence[Mark], why: str = "") -> None:
        super().__init__()
        self.article = article
        self.why = why
        self.marks = marks
        self.checked: ArticleChecked | None = None
        self._of_now = False
        self._comparing = False

    def compose(self) -> ComposeResult:
        """What has become of the article; head; text beside what belongs to it; the line for searching; keys."""
        yield Static("", id="notes", classes="caption", markup=False)
        yield Static(Content(one_line(self.article.title)), id="title")
        yield Static(Content(self._about()), id="about")
        with Horizontal(id="pages"):
            yield ArticleText(self.article.text, self.marks, id="page")
            yield About()
        yield Input(id="search", placeholder="Words to find in this article")
        yield Footer(show_command_palette=False)

    @property
    def page(self) -> ArticleText:
        """The text."""
        return self.query_one(ArticleText)

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
        lines = [" · ".join(filter(None, (one_line(article.outlet), moments, one_line(authors))))]
        lines += [one_line(article.url or article.source)]
        copies = also_in(article, self.checked.copies) if self.checked is not None else ""
        lines += filter(None, [copies, one_line(self.why)])
        return "\n".join(lines)

    def on_mount(self) -> None:
        """The text has no lines before it is laid out."""
        self.call_after_refresh(self.show_chosen)
        if self.desk.archive is not None:
            self._check()

    # --- what has become of it, and what belongs to it

    @work(thread=True, exclusive=True, group="check")
    def _check(self) -> None:
        with self.desk.guarded("looking the article up", self.desk.notice):
            archive = self.desk.opened_archive
            status, revisions = archive.status(self.article), archive.revisions(self.article)
            copies = archive.copies(self.article)
            replaced = replaced_at(self.article, revisions) if status.state == "changed" else None
            self.post_message(ArticleChecked(status, copies, replaced, revisions, ()))
            similar = archive.similar(self.article, limit=SIMILAR)
            self.post_message(ArticleChecked(status, copies, replaced, revisions, similar))

    def on_article_checked(self, message: ArticleChecked) -> None:
        """Say what has become of it."""
        self.checked = message
        self._show_notes()
        self.query_one(About).show(self.article, message)
        if message.copies:
            self.query_one("#about", Static).update(Content(self._about()))

    def _show_notes(self) -> None:
        kept = len(self.page.marks) if self._of_now else None
        notes = [] if self.checked is None else notes_on(self.shown, self.checked, cited=len(self.marks), kept=kept)
        bar = self.query_one("#notes", Static)
        bar.set_class(bool(notes), "-some")
        bar.update("\n".join(notes))
        self.call_after_refresh(self.show_chosen)

    def on_article_wanted(self, message: ArticleWanted) -> None:
        """Read a copy of it, or one like it."""
        self._open(message.article_id)

    @work(thread=True, exclusive=True, group="open")
    def _open(self, name: str) -> None:
        with self.desk.guarded("opening the article", self.desk.notice):
            if (article := self.desk.opened_archive.article(name)) is not None:
                self.app.call_from_thread(self.desk.read, article, ())

    def on_version_chosen(self, message: VersionChosen) -> None:
        """Say what another version changed."""
        self._compare(message.revision)

    def _compare(self, revision: Revision) -> None:
        now = self.checked.status.now if self.checked is not None and self.checked.status.now else self.article
        self._comparing = True
        self.page.compare(revision.article.text, now.text)
        bar = self.query_one("#notes", Static)
        bar.set_class(True, "-some")
        until = minute(revision.replaced.astimezone())
        bar.update(f"What changed on {until}: [−taken out−] [+put in+]. t: the words as they were cited")
        self.page.focus()

    def action_toggle_about(self) -> None:
        """Show or hide what belongs to the article."""
        self.toggle_class("-beside" if self.has_class("-narrow") else "-alone")
        beside = self.query_one(About)
        (beside if beside.display else self.page).focus()

    def action_switch(self) -> None:
        """From the words that were cited to those of now, and back; from a comparison to the words."""
        changed = self.checked is not None and self.checked.status.state == "changed"
        if not changed and not self._comparing:
            self.notify("There is no other text of this article: it is as it was cited.", markup=False)
            return
        self._of_now = changed and not self._comparing and not self._of_now
        self._comparing = False
        shown = self.shown
        marks = marks_in(shown.text, self.marks, self.article.text) if self._of_now else self.marks
        self.query_one("#title", Static).update(Content(one_line(shown.title)))
        self.query_one("#about", Static).update(Content(self._about()))
        self.page.show(shown.text, marks)
        self._show_notes()

    # --- the marks

    def on_resize(self) -> None:
        """Other lines at another width."""
        self.call_after_refresh(self.show_chosen)

    def show_chosen(self) -> None:
        """Bring the chosen words into view, about a third down."""
        if self.page.chosen is not None and (lines := self.page.lines_of(self.page.chosen)) is not None:
            self.page.bring(lines[0])

    def action_next_mark(self) -> None:
        """To the next cited words, or the next place that was found."""
        self._step(1)

    def action_previous_mark(self) -> None:
        """To those before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        page = self.page
        if page.matches:
            page.step_match(by)
            self._count_matches()
        elif page.marks:
            page.chosen = ((page.chosen if page.chosen is not None else -by) + by) % len(page.marks)
            page.refresh()
            self.show_chosen()

    # --- searching within

    def action_search(self) -> None:
        """Find words in the text."""
        self.set_class(True, "-searching")
        self.query_one("#search", Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """As they are typed."""
        self.page.search(event.value)
        self._count_matches()

    def on_input_submitted(self) -> None:
        """On to the text, where n and p step through what was found."""
        self.page.focus()

    def _count_matches(self) -> None:
        line, page = self.query_one("#search", Input), self.page
        found = f"{page.match + 1} of {len(page.matches)} · n next, p previous, Esc ends" if page.matches else "nothing"
        line.border_subtitle = found if line.value.strip() else ""

    def action_back(self) -> None:
        """End the search, else close the article."""
        if self.has_class("-searching"):
            self.set_class(False, "-searching")
            self.query_one("#search", Input).clear()
            self.page.search("")
            self.page.focus()
        else:
            super().action_back()

    # --- elsewhere

    def action_ask(self) -> None:
        """Ask about this article only."""
        self.desk.chat.limit_to(self.article)

    def action_browse(self) -> None:
        """Open its address in a browser."""
        self.desk.browse(self.article)

    def action_copy(self) -> None:
        """A reference of the article."""
        from qa.exports import reference

        self.desk.copy(reference(self.article), "the article's reference")

    def action_copy_citation(self) -> None:
        """The words that are chosen, with where they stand."""
        from qa.answers import Citation
        from tui.clipboard import citation_text

        if self.page.chosen is None or not self.page.marks:
            self.notify("No words are chosen; n goes to the next that are cited.", markup=False)
            return
        mark = self.marks[self.page.chosen]
        quote = self.article.text[mark.start : mark.end]
        self.desk.copy(citation_text(Citation(0, self.article, mark.start, mark.end, quote)), "the cited words")


def address_of(article: Article) -> str:
    """The address that a browser may be sent to; empty where there is none."""
    return article.url if urlsplit(article.url).scheme in ("http", "https") else ""


def is_remote() -> bool:
    """Whether the browser of whoever sits in front is on another machine."""
    return bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))


def replaced_at(article: Article, revisions: Sequence[Revision]) -> datetime | None:
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


def in_the_conversation(marks: Sequence[Mark], others: Sequence[Mark]) -> tuple[Mark, ...]:
    """The marks of one answer among those that other answers cite, which are fainter, in the order of the text."""
    own = {(mark.start, mark.end) for mark in marks}
    faint = {(mark.start, mark.end): replace(mark, other=True, chosen=False) for mark in others}
    more = [mark for place, mark in faint.items() if place not in own]
    return tuple(sorted((*marks, *more), key=lambda mark: (mark.start, mark.end)))
