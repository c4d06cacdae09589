"""The questions of a conversation on their way to their answers: one after the other, none is ever dropped."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from textual import work
from textual.reactive import reactive
from textual.worker import get_current_worker

from tui import messages
from tui.filters import NONE, Filters
from tui.screens.desk_screen import DeskScreen
from tui.turns import QUOTES, UNFINISHED, Answerer, Turn

if TYPE_CHECKING:
    from textual.timer import Timer

    from tui.widgets.conversation import Conversation

PACE = 0.05
"""Seconds between two paintings of a growing answer: tokens come faster than that."""
PACE_TYPING = 0.15
"""The same while somebody types, whose letters wait for every such painting."""


class TurnQueue(DeskScreen):
    """The part of the conversation's screen that asks. At most one turn is being answered; the others wait in order.

    A question leans on all turns before it, so it waits until the conversation is ``whole`` as well.
    It changes turns as their messages come in, and says what has changed to what shows them.
    """

    filters: reactive[Filters] = reactive(NONE)
    """What the next questions are limited to."""

    def __init__(self) -> None:
        super().__init__()
        self.turns: list[Turn] = []
        self.session: int | None = None
        self.selected: Turn | None = None
        self.ready = False
        self.whole = True
        self._come: list[str] = []
        self._pace: Timer | None = None
        self.refused = ""

    @property
    def conversation(self) -> Conversation:
        """Where the turns are."""
        from tui.widgets.conversation import Conversation

        return self.query_one(Conversation)

    # --- what the screen shows of it

    def remember(self) -> None:
        """There is another question that may be wanted back."""
        raise NotImplementedError

    def select(self, turn: Turn | None) -> None:
        """Make this turn the one whose evidence is shown."""
        raise NotImplementedError

    async def _show(self, turns: Sequence[Turn], *, before: Turn | None = None) -> None:
        """Put turns on the screen."""
        raise NotImplementedError

    def _changed(self, turn: Turn) -> None:
        """A turn has other evidence, or another state."""
        raise NotImplementedError

    def _show_states(self) -> None:
        self.conversation.show_states(opened=self.ready)

    def _show_state(self, turn: Turn) -> None:
        self.conversation.show_state(turn, opened=self.ready)

    # --- whether it can be asked

    def refuse(self, error: str) -> None:
        """The archive cannot be opened: say so, and fail what waits for it as well as what is asked from now on."""
        self.refused = error
        self.conversation.refuse(error)
        self._advance()

    async def answerable(self) -> None:
        """The archive can be asked."""
        self.ready = True
        self._show_states()
        self._advance()

    # --- asking

    async def on_question_sent(self, message: messages.QuestionSent) -> None:
        """Another turn; it waits for the archive and for the turns before it.

        An edited question leans on what its first version leant on, and not on the answer to that.
        """
        before = tuple(self.turns) if message.edited is None else message.edited.before
        await self._add(Turn(message.question, before=before, filters=self.filters))

    async def on_reading_switched(self, message: messages.ReadingSwitched) -> None:
        """The same question once more, without what was read out of it or with it."""
        if message.turn.running:
            self._leave(message.turn)
            await self._settle(message.turn)
        await self._add(message.turn.again(switched=message.what))

    async def _add(self, turn: Turn) -> None:
        self.turns.append(turn)
        self.remember()
        await self._show([turn])
        self.select(turn)
        self._advance()

    def _advance(self) -> None:
        waiting = next((turn for turn in self.turns if turn.state == "waiting"), None)
        if self.refused and waiting is not None:
            waiting.state = "searching"
            self.post_message(messages.TurnFailed(waiting, self.refused))
        elif self.ready and self.whole and waiting is not None and not any(turn.running for turn in self.turns):
            answerer = waiting.answerer or self.desk.answerer
            waiting.state, waiting.model = "searching", self.desk.model_of(answerer)
            self._show_states()
            self._answer(waiting, answerer, self.session)

    @work(thread=True, exclusive=True, group="answer")
    def _answer(self, turn: Turn, answerer: Answerer, session: int | None) -> None:
        from tui.asking import answered

        worker = get_current_worker()
        with (
            self.desk.guarded("answering", lambda error: self.post_message(messages.TurnFailed(turn, error))),
            closing(answered(self.desk, turn, answerer, session)) as told,
        ):
            for message in told:
                if worker.is_cancelled:
                    return
                self.post_message(message)

    # --- what comes of it; a turn that was stopped or started anew listens no more to its old worker

    def on_turn_searching(self, message: messages.TurnSearching) -> None:
        """The search begins: the question was understood."""
        message.turn.asked, message.turn.articles, message.turn.doing = message.asked, message.articles, ""
        self._show_state(message.turn)

    def on_turn_revising(self, message: messages.TurnRevising) -> None:
        """No search: an earlier answer is written anew."""
        turn = message.turn
        turn.of, turn.how, turn.asked = message.of, message.how, message.of.asked
        self._show_state(turn)

    def on_turn_found(self, message: messages.TurnFound) -> None:
        """The passages are there before the answer is."""
        turn = message.turn
        if turn.running:
            turn.state, turn.passages, turn.doing = "reading", message.passages, ""
            self._changed(turn)

    def on_turn_working(self, message: messages.TurnWorking) -> None:
        """Something goes on that shows nothing."""
        message.turn.doing = message.doing
        self._show_state(message.turn)

    async def on_turn_writing(self, message: messages.TurnWriting) -> None:
        """More of the answer."""
        turn = message.turn
        if turn.running:
            turn.state, turn.doing = "writing", ""
            turn.draft += message.delta
            self._come.append(message.delta)
            if self._pace is None:
                await self._write(turn)

    async def _write(self, turn: Turn) -> None:
        """Show what has come since it was last shown: the first at once, then so many times a second."""
        self._pace = None
        come, self._come = "".join(self._come), []
        if come:
            self._pace = self.set_timer(PACE_TYPING if self.desk.typing else PACE, lambda: self._write(turn))
            await self.conversation.change(turn, lambda view: view.write(come))
            self._show_state(turn)

    def on_turn_checked(self, message: messages.TurnChecked) -> None:
        """A sentence was checked, while the next one comes."""
        message.turn.checked[message.index] = message.sentence
        self._show_state(message.turn)

    async def on_turn_finished(self, message: messages.TurnFinished) -> None:
        """The verified answer, or as much of it as had come when it was stopped."""
        turn, answer = message.turn, message.answer
        if turn.running:
            turn.state = "stopped" if turn.stop.is_set() and answer.incomplete else "answered"
            turn.answer, turn.passages = answer, answer.passages
            self.session = message.session
            await self._settle(turn)

    async def on_turn_failed(self, message: messages.TurnFailed) -> None:
        """No answer, but what was found and written stays."""
        turn = message.turn
        if turn.running:
            turn.state, turn.error, turn.answer = "failed", message.error, message.answer
            if message.answer is not None and message.answer.passages:
                turn.passages = message.answer.passages
            self.session = message.session or self.session
            await self._settle(turn)

    async def _settle(self, turn: Turn) -> None:
        if self._pace is not None:
            self._pace.stop()
        await self._write(turn)
        if self._pace is not None:
            self._pace.stop()
            self._pace = None
        following = self.conversation.at_end
        await self.conversation.change(turn, lambda view: view.finish())
        self._changed(turn)
        if following and not turn.model:  # who has followed a model to the end is at the end
            self.conversation.rest_on(turn)
        self._advance()

    # --- actions

    async def stop_answer(self) -> bool:
        """Stop the running answer; False where there is none.

        A model is asked to end, so that what it has written is checked and kept; the second time, it is left.
        """
        running = next((turn for turn in self.turns if turn.running), None)
        if running is None:
            return False
        if running.model and not running.stop.is_set():
            running.stop.set()
            self._show_state(running)
        else:
            self._leave(running)
            await self._settle(running)
        return True

    def _leave(self, turn: Turn) -> None:
        """Wait no longer for a turn."""
        if turn.running:
            self.workers.cancel_group(self, "answer")
        turn.state = "stopped"  # before its worker is told, which keeps what is not left
        turn.stop.set()

    async def action_retry(self) -> None:
        """Ask the last question again: in the place of the turn that came to nothing, else after it."""
        if not self.turns:
            self.notify("Nothing has been asked yet.", markup=False)
        elif not self.turns[-1].running and self.turns[-1].state != "waiting":
            again = self.turns[-1].again()
            if self.turns[-1].asked is None:  # it came to nothing before it was searched for, by a wrong filter maybe
                again.filters = self.filters
            await self._ask_again(self.turns[-1], again)

    async def action_quote(self) -> None:
        """Answer with quotes what a model did not."""
        turn = self.selected
        if turn is None or not turn.quotable:
            self.notify("Quotes are for a question that a model has not answered.", markup=False)
        else:
            await self._ask_again(turn, turn.again(answerer=QUOTES))

    async def _ask_again(self, turn: Turn, again: Turn) -> None:
        if turn.state in UNFINISHED and not turn.kept:
            await self.conversation.drop(turn)
            self.turns.remove(turn)
        await self._add(again)

    async def action_revise(self, how: str) -> None:
        """Write the selected answer anew, from its own passages."""
        turn = self.selected
        if turn is None or not turn.kept or not turn.passages:
            self.notify("There is no answer to write anew.", markup=False)
        else:
            await self._add(Turn(how, before=tuple(self.turns), of=turn))
