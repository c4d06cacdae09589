"""One article, whole, with the words that answers cite, what has become of it since, and what belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from tui import messages
from tui.article_notes import comparison_note, failure_note, notes_on, replaced_at, version_note
from tui.cited import cited_by, in_the_conversation
from tui.command import Place
from tui.commands import bindings
from tui.display import Mark, also_in, disarm, marks_in, one_line
from tui.screens.desk_screen import DeskScreen
from tui.widgets.about import About, zoned
from tui.widgets.article_text import ArticleText
from tui.widgets.keys import Keys

if TYPE_CHECKING:
    from qa.articles import Article
    from qa.catalog import Revision
    from tui.intake import IntakeState

SIMILAR = 5
"""Articles like this one that are listed."""


class ReaderScreen(DeskScreen):
    """Shows an article as it was cited and brings the chosen words into view.

    Workers look up what has become of it, its versions, its copies and what is like it. Where it has changed, the text
    of now can be put in its place; an earlier version is compared with what is shown, then shown itself.
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
        self.checked: messages.ArticleChecked | None = None
        self._of_now = False
        self._revision: Revision | None = None
        self._whole = False
        self._failed = ""
        self._checked_at = -1

    def compose(self) -> ComposeResult:
        """What has become of the article; head; text beside what belongs to it; the line for searching; keys."""
        yield Static("", id="notes", classes="caption", markup=False)
        yield Static(Content(one_line(self.article.title) or "Untitled"), id="title")
        yield Static(Content(self._about()), id="about")
        yield Static(Content(one_line(self.article.url or self.article.source)), id="address")
        with Horizontal(id="pages"):
            yield ArticleText(self.article.text, self.marks, id="page")
            yield About(self.article, self.marks)
        yield Input(id="search", placeholder="Words to find in this article")
        yield Keys()

    @property
    def page(self) -> ArticleText:
        """The text."""
        return self.query_one(ArticleText)

    @property
    def shown(self) -> Article:
        """The article whose words are on the screen: as it was cited, as it is now, or an earlier version."""
        if self._revision is not None and self._whole:
            return self._revision.article
        now = self.checked.status.now if self.checked is not None else None
        return now if self._of_now and now is not None else self.article

    def _about(self) -> str:
        article = self.shown
        moments = zoned(article.published)
        if article.updated:
            moments += f", updated {zoned(article.updated)}"
        authors = one_line(", ".join(article.authors))
        copies = also_in(article, self.checked.copies) if self.checked is not None else ""
        lines = (" · ".join(filter(None, (one_line(article.outlet), moments, authors))), copies, one_line(self.why))
        return "\n".join(filter(None, lines))

    def on_mount(self) -> None:
        """Look up the rest."""
        if self.desk.archive is None:
            self.post_message(messages.ReaderFailed("The archive is not open: only the article's own words are here."))
            self.post_message(messages.SimilarFound(()))
        else:
            self.watch(self.app, "intake", self._intake_moved)

    def _intake_moved(self, intake: IntakeState) -> None:
        """What becomes of it while it is read is said, too."""
        if intake.read != self._checked_at:
            self._checked_at = intake.read
            self._check()

    # --- what has become of it, and what belongs to it

    @work(thread=True, exclusive=True, group="check")
    def _check(self) -> None:
        with self.desk.guarded("looking the article up", self._report):
            archive = self.desk.opened_archive
            status, revisions = archive.status(self.article), archive.revisions(self.article)
            replaced = replaced_at(self.article, revisions) if status.state == "changed" else None
            copies = archive.copies(self.article)
            self.post_message(messages.ArticleChecked(status, copies, replaced, revisions))
        with self.desk.guarded(
            "looking for articles like it", lambda error: self.post_message(messages.SimilarFound((), error))
        ):
            similar = self.desk.opened_archive.similar(self.article, limit=SIMILAR)
            self.post_message(messages.SimilarFound(similar))

    def _report(self, error: str) -> None:
        self.post_message(messages.ReaderFailed(error))

    def on_article_checked(self, message: messages.ArticleChecked) -> None:
        """Say what has become of it."""
        before, self.checked = self.checked, message
        if self._of_now and before is not None and before.status.now != message.status.now:
            self._of_now = message.status.state == "changed"
            self._show_text()
        self.query_one(About).tell(checked=message)
        self.query_one("#about", Static).update(Content(self._about()))
        self._show_notes()

    def on_similar_found(self, message: messages.SimilarFound) -> None:
        """List them."""
        self.query_one(About).tell(similar=message)

    def on_reader_failed(self, message: messages.ReaderFailed) -> None:
        """Say so; the text stays."""
        self._failed = message.error
        self._show_notes()

    def _show_notes(self) -> None:
        revision = self._revision
        if revision is not None:
            notes = [version_note(revision) if self._whole else self._comparison(revision)]
        elif self.checked is not None:
            kept = len(self.page.marks) if self._of_now else None
            notes = notes_on(self.shown, self.checked, cited=len(self.marks), kept=kept)
        else:
            notes = []
        notes += [failure_note(self._failed)] if self._failed else []
        bar = self.query_one("#notes", Static)
        bar.set_class(bool(notes), "-some")
        bar.update(Content("\n".join(notes)))

    def on_article_wanted(self, message: messages.ArticleWanted) -> None:
        """Read a copy of it, or one like it."""
        self._failed = ""
        self._show_notes()
        self._open(message.article_id)

    @work(thread=True, exclusive=True, group="open")
    def _open(self, name: str) -> None:
        with self.desk.guarded("opening the article", self._report):
            article = self.desk.opened_archive.article(name)
            if article is None:
                self._report("That article is no longer in the archive.")
            else:
                self.app.call_from_thread(self._read_too, article)

    def _read_too(self, article: Article) -> None:
        chat = self.desk.chat
        self.desk.read(article, in_the_conversation((), cited_by(chat.turns, article, numbered=chat.whole)))

    # --- other versions of the text

    def on_version_chosen(self, message: messages.VersionChosen) -> None:
        """Say what changed between that version and what is shown; chosen once more, show the version itself."""
        again = message.revision is self._revision and not self._whole
        self._revision, self._whole = message.revision, again
        self._show_page()
        if again:
            self._show_text()
        else:
            self.page.compared = False
            self._show_notes()
            self._compare(message.revision, *self._sides(message.revision))

    def _other(self, revision: Revision) -> tuple[Article, str]:
        """What a version is compared with: the words that are shown, or those of now where they are its own."""
        now = self.checked.status.now if self.checked is not None else None
        own = revision.article.text == self.article.text
        if now is not None and (self._of_now or own):
            return now, "the words of now"
        return self.article, "the words of now" if now is None or now.text == self.article.text else "those cited"

    def _sides(self, revision: Revision) -> tuple[str, str]:
        """The earlier text and the later one."""
        other, _ = self._other(revision)
        replaced = replaced_at(other, self.checked.revisions) if self.checked is not None else None
        texts = (revision.article.text, other.text)
        return texts if replaced is None or revision.replaced <= replaced else (texts[1], texts[0])

    @work(thread=True, exclusive=True, group="compare")
    def _compare(self, revision: Revision, before: str, now: str) -> None:
        def failed(error: str) -> None:
            self.post_message(messages.VersionsCompared(revision, (), error))

        with self.desk.guarded("comparing the versions", failed):
            from tui.changes import changes

            runs = [*changes(disarm(before), disarm(now))]
            self.post_message(messages.VersionsCompared(revision, runs))

    def on_versions_compared(self, message: messages.VersionsCompared) -> None:
        """Show the one that is still wanted."""
        if message.revision is not self._revision or self._whole:
            return
        if message.error:
            self._revision, self._failed = None, message.error
        else:
            self.page.compare(message.runs)
            self._search_again()
        self._show_notes()

    def _comparison(self, revision: Revision) -> str:
        done = self.page.compared
        return comparison_note(revision, self._other(revision)[1], len(self.page.stops) if done else None)

    def action_switch(self) -> None:
        """From the words that were cited to those of now, and back; from another version to the words."""
        changed = self.checked is not None and self.checked.status.state == "changed"
        if self._revision is not None:
            self._revision, self._whole = None, False
        elif changed:
            self._of_now = not self._of_now
        else:
            self.notify("There is no other text of this article: it is as it was cited.", markup=False)
            return
        self._show_text()

    def _show_text(self) -> None:
        shown = self.shown
        marks = self.marks if shown is self.article else marks_in(shown.text, self.marks, self.article.text)
        self.query_one("#title", Static).update(Content(one_line(shown.title) or "Untitled"))
        self.query_one("#about", Static).update(Content(self._about()))
        self.page.show(shown.text, marks)
        self._search_again()
        self._show_notes()

    # --- the marks

    def action_toggle_about(self) -> None:
        """Show or hide what belongs to the article."""
        self.toggle_class("-beside" if self.has_class("-narrow") else "-alone")
        beside = self.query_one(About)
        (beside if beside.display else self.page).focus()

    def _show_page(self) -> None:
        """Where there is no room for both, the text takes the place of what belongs to it."""
        if self.has_class("-narrow"):
            self.set_class(False, "-beside")
            self.page.focus()

    def on_mark_chosen(self, message: messages.MarkChosen) -> None:
        """Bring cited words into view, in the text in which they were cited."""
        self._show_page()
        if self._revision is not None or self._of_now:
            self._revision, self._whole, self._of_now = None, False, False
            self._show_text()
        self.page.chosen = message.place
        self.call_after_refresh(self.page.bring_chosen)

    def action_next_mark(self) -> None:
        """To the next cited words or change, or the next place that was found."""
        self._step(1)

    def action_previous_mark(self) -> None:
        """To those before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        if self.has_class("-searching"):
            self.page.step_match(by)
            self._count_matches()
        else:
            self.page.step(by)

    # --- searching within

    def action_search(self) -> None:
        """Find words in the text."""
        self._show_page()
        self.set_class(True, "-searching")
        self.query_one("#search", Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """As they are typed."""
        self.page.search(event.value)
        self._count_matches()

    def _search_again(self) -> None:
        """In another text."""
        if self.has_class("-searching"):
            self.page.search(self.query_one("#search", Input).value)
            self._count_matches()

    def on_input_submitted(self) -> None:
        """On to the text, where n and p step through what was found; to type on where nothing was."""
        if self.page.matches:
            self.page.focus()

    def _count_matches(self) -> None:
        line, page = self.query_one("#search", Input), self.page
        found = f"{page.match + 1:,} of {len(page.matches):,}" if page.matches else "nothing found"
        line.border_subtitle = found if line.value.strip() else ""

    def action_back(self) -> None:
        """End the search, else go back to the text, else close the article."""
        if self.has_class("-searching"):
            self.set_class(False, "-searching")
            self.query_one("#search", Input).clear()
            self.page.search("")
            self.page.focus()
        elif self.has_class("-beside") and self.has_class("-narrow"):
            self._show_page()
        else:
            super().action_back()

    # --- elsewhere

    def action_ask(self) -> None:
        """Ask about this article only."""
        if self.checked is not None and self.checked.status.state == "removed":
            self.notify("It is not in the archive any more, so nothing can be found in it.", markup=False)
        else:
            self.desk.chat.limit_to(self.article)

    def action_browse(self) -> None:
        """Open its address in a browser."""
        self.desk.browse(self.article)

    def action_copy(self) -> None:
        """Where the article stands."""
        self.desk.copy(disarm(self.article.url or self.article.source), "the address")

    def action_copy_reference(self) -> None:
        """A reference of the article."""
        from qa.exports import reference

        self.desk.copy(disarm(reference(self.article)), "the article's reference")

    def action_copy_citation(self) -> None:
        """The words that are chosen, with where they stand."""
        from qa.answers import Citation
        from tui.clipboard import citation_text

        page = self.page
        if page.chosen is None or not page.marks:
            self.notify("No words are chosen; n goes to the next that are cited.", markup=False)
            return
        mark = page.marks[page.chosen]
        quote = page.text[mark.start : mark.end]
        self.desk.copy(citation_text(Citation(0, self.shown, mark.start, mark.end, quote)), "the cited words")
