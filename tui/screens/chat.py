"""The conversation: questions asked one after the other, each answer beside its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Key
from textual.widgets import Static

from tui import messages
from tui.command import Place
from tui.commands import bindings
from tui.display import Mark, answer_plain, holds, marks_for
from tui.screens.prompting import PLACEHOLDER, Prompting
from tui.turns import Turn
from tui.widgets.conversation import Conversation
from tui.widgets.status import StatusLine
from tui.widgets.welcome import Welcome, questions_about

if TYPE_CHECKING:
    from textual.timer import Timer

    from qa.answers import Answer, Citation
    from qa.articles import Article
    from qa.exports import Format
    from qa.inferences import What
    from qa.passages import Passage
    from tui.widgets.evidence import Evidence


STILL_READING = "The earlier turns are still being read; try again in a moment."
RECENT = 20
"""Turns of a kept conversation that are read before it is shown; the earlier ones follow."""

SHARE = 40.0
"""Per cent of the width that the evidence has until that is changed."""


class ChatScreen(Prompting):
    """The turns, the evidence of the selected one, and the prompt. How turns are answered is the queue's."""

    PLACE: ClassVar[Place] = "chat"
    BINDINGS = bindings(PLACE)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's declaration
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self._evidence: Evidence | None = None
        self._share = SHARE
        self._digits = ""
        self._digits_end: Timer | None = None

    def compose(self) -> ComposeResult:
        """What the first frame needs and no more; the evidence follows in ``complete``."""
        yield StatusLine(id="status")
        with Horizontal(id="body"):
            yield Conversation(id="conversation")
        yield Static(Content.assemble((PLACEHOLDER[0], "reverse"), PLACEHOLDER[1:]), id="stand-in")

    def on_key(self, event: Key) -> None:
        """What is typed elsewhere and is no command there is the prompt's."""
        if event.is_printable and event.character and event.key not in self.active_bindings:
            event.stop()
            event.prevent_default()
            self.set_focus(self.prompt)
            self.prompt.insert(event.character)

    async def complete(self) -> None:
        """Mount what the first frame did without."""
        from tui.widgets.evidence import Evidence
        from tui.widgets.keys import Keys
        from tui.widgets.split import Split

        await self.complete_prompt()
        if self._evidence is None:
            self._evidence = Evidence(id="evidence")
            await self.query_one("#body").mount(Split(), self._evidence)
            await self.mount(Keys())
            self.refresh_bindings()
            self._show_evidence()

    # --- the archive comes

    async def opened(
        self, *, titles: Sequence[str], seeds: bool, filling: bool, session: int | None, turns: Sequence[Answer]
    ) -> None:
        """The archive is open: offer questions, and put the turns to be resumed before what was asked meanwhile."""
        for welcome in self.query(Welcome):
            offered = questions_about(titles, seeds=seeds)
            await welcome.offer(offered, empty=not titles and not seeds, filling=filling)
        if self.session is None and session is not None:
            await self._restore(session, turns)
        self.read_history()
        self.count_inside()

    async def open_session(self, session: int, turns: Sequence[Answer]) -> None:
        """Show another conversation in the place of this one."""
        await self._clear()
        await self._restore(session, turns)

    async def _restore(self, session: int, answers: Sequence[Answer]) -> None:
        self.session = session
        first = self.turns[0] if self.turns else None
        restored = restored_turns(answers)
        self._lean_on(restored)
        if len(answers) >= RECENT:
            self.whole = False
            self._read_earlier(session, len(answers))
        await self._show(restored, before=first)
        self.select(self.selected or self.turns[-1])
        self.conversation.rest_on(self.turns[-1])

    def _lean_on(self, earlier: Sequence[Turn]) -> None:
        """These come before all others."""
        for turn in self.turns:
            turn.before = (*earlier, *turn.before)
        self.turns = [*earlier, *self.turns]
        self.remember()

    @work(thread=True, exclusive=True, group="earlier")
    def _read_earlier(self, session: int, known: int) -> None:
        with self.desk.guarded(
            "reading the earlier turns", lambda error: self.post_message(messages.EarlierRead(session, (), error))
        ):
            answers = self.desk.of_kept(lambda kept: kept.turns(session))[:-known]
            self.post_message(messages.EarlierRead(session, restored_turns(answers)))

    def on_earlier_read(self, message: messages.EarlierRead) -> None:
        """Put them in front; what waited for them is asked."""
        if message.session == self.session and not self.whole:
            self.whole = True
            self._lean_on(message.turns)
            self.conversation.put_first(message.turns)
            if message.error:
                self.desk.notice(message.error)
            self._advance()

    async def _clear(self) -> None:
        for turn in self.turns:
            if turn.running or turn.state == "waiting":
                self._leave(turn)
        self.turns, self.session, self.whole = [], None, True
        self.remember()
        await self.conversation.clear()
        self.select(None)

    # --- the turns on the screen

    async def _show(self, turns: Sequence[Turn], *, before: Turn | None = None) -> None:
        await self.complete()
        await self.conversation.add(turns, before=before)
        self._show_states()

    def _changed(self, turn: Turn) -> None:
        self._show_states()
        if turn is self.selected:
            self.show_chips()
            self._show_evidence()

    def _show_evidence(self) -> None:
        archive = self.desk.archive
        if self._evidence is not None:
            self._evidence.show(self.selected, archive.config.ranking if archive is not None else None)

    def select(self, turn: Turn | None) -> None:
        """Make this turn the one whose evidence is shown."""
        changed, self.selected = turn is not self.selected, turn
        self.conversation.show_selected(turn)
        self.show_chips()
        if changed:
            self._show_evidence()

    def on_turn_chosen(self, message: messages.TurnChosen) -> None:
        """A turn was clicked or focused."""
        self.select(message.turn)

    def on_page_turned(self, message: messages.PageTurned) -> None:
        """Scroll without leaving the prompt."""
        self.conversation.turn_page(message.pages)

    def on_answers_wanted(self) -> None:
        """The selected answer has the focus, not the first that is on the screen."""
        view = self.conversation.view(self.selected) if self.selected is not None else None
        if view is None:
            self.focus_next()
        else:
            self.set_focus(view)

    def on_end_wanted(self) -> None:
        """Scroll to the end without leaving the prompt."""
        self.action_last_turn()

    # --- articles

    def on_citation_chosen(self, message: messages.CitationChosen) -> None:
        """Open a citation of the selected turn."""
        self._open_citation(message.number)

    def on_passage_chosen(self, message: messages.PassageChosen) -> None:
        """Open a passage of the selected turn."""
        if self.selected is not None:
            passage = self.selected.passages[message.index]
            chosen = Mark(passage.start, passage.end, chosen=True)
            marks = (*marks_for(passage.article, self.selected.citations), chosen)
            self._read(passage.article, marks, self._why(self.selected, passage))

    def on_article_wanted(self, message: messages.ArticleWanted) -> None:
        """Open a copy of what was found."""
        self._open_copy(message.article_id)

    @work(thread=True, exclusive=True, group="open")
    def _open_copy(self, name: str) -> None:
        with self.desk.guarded("opening the article", self.desk.notice):
            article = self.desk.opened_archive.article(name)
            if article is None:
                self.desk.notice("That article is no longer in the archive.")
            else:
                self.app.call_from_thread(self._read, article, (), "")

    def _read(self, article: Article, marks: Sequence[Mark], why_found: str) -> None:
        """Open an article, with what the other turns cite of it marked too."""
        from tui.cited import cited_by, in_the_conversation

        others = cited_by(self.turns, article, numbered=self.whole, but=self.selected)
        self.desk.read(article, in_the_conversation(marks, others), why_found)

    def _why(self, turn: Turn, passage: Passage | None) -> str:
        """Why a passage was found; empty for one that is none, or kept without its reasons."""
        from qa.explanations import found_for, why

        if passage is None or turn.asked is None:
            return ""
        weights = self.desk.opened_archive.config.ranking
        reasons = why(passage, weights, turn.asked.now), found_for(passage, turn.asked)
        return " · ".join(filter(None, reasons))

    # --- actions

    def action_open_citation(self, key: int) -> None:
        """A digit was typed (the tenth is 0): open the citation with that number, once no other can be meant."""
        from tui.digits import MOMENT, typed

        if self._digits_end is not None:
            self._digits_end.stop()
        numbers = [each.number for each in self.selected.citations] if self.selected is not None else []
        now = typed(self._digits, key % 10, numbers)
        self._digits, self._digits_end = now.digits, None
        if now.open:
            self._digits_end = self.set_timer(MOMENT, self._open_typed)
        else:
            self._open_typed()

    def _open_typed(self) -> None:
        number, self._digits, self._digits_end = int(self._digits), "", None
        self._open_citation(number)

    def _open_citation(self, number: int) -> None:
        """Open the article at the words of a citation."""
        turn = self.selected
        cited = next((each for each in turn.citations if each.number == number), None) if turn else None
        if turn is None or cited is None:
            self.notify(f"The selected answer has no citation {number}.", severity="warning", markup=False)
            return
        found = next((each for each in turn.passages if holds(each, cited)), None)
        self._read(cited.article, marks_for(cited.article, turn.citations, number), self._why(turn, found))

    async def action_stop(self) -> None:
        """Stop the running answer, else put a notice away and go to the prompt."""
        if not await self.stop_answer():
            self.desk.stand(notice="")
            self.set_class(False, "-over")
            self.prompt.focus()

    def action_edit(self) -> None:
        """The question of the selected turn, back in the prompt."""
        if self.selected is None:
            self.notify("Nothing has been asked yet.", markup=False)
        else:
            self.prompt.recall(self.selected.origin)
            self.prompt.focus()

    async def action_new_conversation(self) -> None:
        """An empty conversation; the one so far is kept."""
        await self._clear()
        await self.desk.welcome(await self.conversation.empty())
        self.prompt.focus()

    async def action_toggle_evidence(self) -> None:
        """Beside the conversation where there is room, else over it."""
        await self.complete()
        self.toggle_class("-over" if self.has_class("-narrow") else "-alone")
        if self.has_class("-narrow") and self.has_class("-over") and self._evidence is not None:
            self._evidence.take_focus()
        elif not self.has_class("-wide"):
            self.prompt.focus()

    def on_citation_marked(self, message: messages.CitationMarked) -> None:
        """The evidence goes along with the markers."""
        if self._evidence is not None:
            self._evidence.mark(message.number)

    def on_split_moved(self, message: messages.SplitMoved) -> None:
        """Another width for the evidence."""
        self._set_share(message.share)

    def action_move_split(self, by: int) -> None:
        """The same by key."""
        self._set_share(self._share + by)

    def _set_share(self, share: float) -> None:
        from tui.widgets.split import within

        self._share = within(share)
        self._fit_evidence()

    def _fit_evidence(self) -> None:
        """The width that was chosen, where it stands beside the conversation; over it, it has all."""
        if self._evidence is not None and self._share != SHARE:
            beside = self.has_class("-wide")
            self._evidence.styles.width = f"{self._share:.1f}%" if beside else None
            self._evidence.styles.max_width = "100%" if beside else None

    def on_resize(self) -> None:
        """It may be beside the conversation, or over it, now."""
        self.call_after_refresh(self._fit_evidence)

    async def action_go_to_evidence(self) -> None:
        """Show the evidence and put the cursor there."""
        await self.complete()
        self.set_class(self.has_class("-narrow"), "-over")
        self.set_class(False, "-alone")
        if self._evidence is not None:
            self._evidence.take_focus()

    def action_first_turn(self) -> None:
        """Scroll to the first turn."""
        self.conversation.action_scroll_home()

    def action_last_turn(self) -> None:
        """Scroll to the end, to follow what comes."""
        self.conversation.action_scroll_end()

    def action_select_turn(self, step: int) -> None:
        """Select the turn above or below."""
        if self.selected in self.turns:
            place = self.turns.index(self.selected) + step
            if 0 <= place < len(self.turns):
                self.select(self.turns[place])
                self.conversation.reveal(self.turns[place])

    def action_understood(self) -> None:
        """What was read out of the selected question, to ask again without one of it."""
        from tui.screens.understood import UnderstoodScreen

        turn = self.selected
        if turn is None or turn.how or not (turn.removed or (turn.asked is not None and turn.asked.inferences)):
            self.notify("Nothing was read out of the question beside its words.", markup=False)
            return

        def chosen(what: What | None) -> None:
            if what is not None:
                self.post_message(messages.ReadingSwitched(turn, what))

        self.app.push_screen(UnderstoodScreen(turn), chosen)

    def action_copy(self) -> None:
        """The selected answer to the clipboard."""
        turn = self.selected
        if turn is None or turn.answer is None:
            self.notify("There is no answer to copy.", markup=False)
            return
        self.desk.copy(answer_plain(turn.question, turn.answer), "the answer with its sources")

    def action_copy_reference(self) -> None:
        """The same as Markdown, each citation a footnote."""
        from tui.clipboard import answer_markdown

        turn = self.selected
        if turn is None or turn.answer is None:
            self.notify("There is no answer to copy.", markup=False)
            return
        self.desk.copy(answer_markdown(turn), "the answer as Markdown with its references")

    def action_copy_citation(self) -> None:
        """What the current marker of the selected answer cites, to the clipboard."""
        from tui.clipboard import citation_text

        if (citation := self._current_citation()) is not None:
            self.desk.copy(citation_text(citation), f"citation {citation.number}")

    def action_copy_citation_reference(self) -> None:
        """A reference for it."""
        from tui.clipboard import citation_reference

        if (citation := self._current_citation()) is not None:
            self.desk.copy(citation_reference(citation), f"the reference of citation {citation.number}")

    def _current_citation(self) -> Citation | None:
        current = self.selected.current if self.selected is not None else None
        if current is None:
            self.notify("There is no citation to copy.", markup=False)
        return current

    def action_export(self, form: str = "markdown", file: str = "") -> None:
        """Write the conversation to a file. Raises UsageError for a form that is none."""
        from qa.exports import format_of

        answers = [turn.answer for turn in self.turns if turn.answer is not None and turn.kept]
        if not self.whole:
            self.notify(STILL_READING, markup=False)
        elif answers:
            self._export(self.session, answers, format_of(form), file)
        else:
            self.notify("There is no answer to export yet.", markup=False)

    @work(thread=True, exclusive=True, group="sessions")
    def _export(self, session: int | None, answers: Sequence[Answer], form: Format, file: str) -> None:
        from tui.screens.export import ExportScreen

        title = answers[0].question
        with self.desk.guarded("looking up the title of the conversation", self.desk.notice):
            title = (self.desk.of_kept(lambda kept: kept.title(session)) if session is not None else "") or title
        self.app.call_from_thread(self.app.push_screen, ExportScreen(title, answers=answers, form=form, file=file))

    def action_branch(self) -> None:
        """Go on from the selected answer in a conversation of its own."""
        kept = [turn for turn in self.turns if turn.stored]
        if not self.whole:
            self.notify(STILL_READING, markup=False)
        elif self.session is None or self.selected not in kept:
            self.notify("There is no kept answer to branch from.", markup=False)
        else:
            self._branch(self.session, kept.index(self.selected) + 1)

    @work(thread=True, exclusive=True, group="sessions")
    def _branch(self, session: int, turns: int) -> None:
        with self.desk.guarded("branching", self.desk.notice):
            branch = self.desk.of_kept(lambda kept: kept.branch(session, turns))
            answers = self.desk.of_kept(lambda kept: kept.turns(branch, last=RECENT))
            self.post_message(messages.SessionOpened(branch, answers))

    async def on_session_opened(self, message: messages.SessionOpened) -> None:
        """Show a branch in the place of what it left."""
        await self.open_session(message.session, message.turns)
        self.notify("This is a branch; the conversation that it left is kept, F3 lists it.", markup=False)


def restored_turns(answers: Sequence[Answer]) -> list[Turn]:
    """The turns that kept answers belong to, each after those before it."""
    turns: list[Turn] = []
    for answer in answers:
        turns.append(Turn.restored(answer, before=turns))
    return turns
