"""What stands around the prompt: completion, commands, what was asked before."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import work

from tui import messages
from tui.filters import NONE, Name, Named
from tui.screens.limiting import Limiting
from tui.turns import QUOTES, Answerer, Turn

if TYPE_CHECKING:
    from textual.timer import Timer

    from qa.archive import Archive
    from tui.screens.chat import ChatScreen
    from tui.slash import Slash
    from tui.widgets.completions import Completions, Wanted

PLACEHOLDER = "Ask about the articles · @ outlet or article · / command"
OFFERED = 6
"""Outlets, and as many articles, that are offered at a time."""
PAUSE = 0.05
"""Seconds without another letter after which names are looked up."""
MODES = {"auto": Answerer(), "quotes": QUOTES, "model": Answerer("generated")}


class Prompting(Limiting):
    """The part of the conversation's screen where questions are typed."""

    def __init__(self) -> None:
        super().__init__()
        self._completions: Completions | None = None
        self._earlier: list[str] = []
        self._pause: Timer | None = None
        self._undone = ""
        self._mounting = asyncio.Lock()

    async def complete_prompt(self) -> None:
        """Put the prompt in the place of what looked like it, with what stands over it."""
        async with self._mounting:
            if self._completions is not None:
                return
            from tui.widgets.completions import Completions
            from tui.widgets.prompt import Prompt

            stand_in, prompt, self._completions = self.query_one("#stand-in"), Prompt(PLACEHOLDER), Completions()
            prompt.completions = self._completions
            with self.app.batch_update():
                await self.mount_all([self._completions, *self.filter_widgets(), prompt], before=stand_in)
                await stand_in.remove()
                if self.focused is None:
                    self.set_focus(prompt)  # at once, where focus() would come after what was typed
            self.show_chips()

    # --- what was asked before

    def remember(self) -> None:
        """Up brings back this conversation's questions, then those of earlier ones, each once."""
        asked: dict[str, Turn | str] = {}
        for turn in reversed(self.turns):
            if turn.of is None:
                asked.setdefault(turn.question, turn)
        for question in self._earlier:
            asked.setdefault(question, question)
        self.prompt.remember([*asked.values()])

    @work(thread=True, exclusive=True, group="history")
    def read_history(self) -> None:
        """Read the questions of earlier conversations."""
        with self.desk.guarded("reading earlier questions", self.desk.notice):
            self.post_message(messages.HistoryRead(self.desk.of_kept(lambda kept: kept.questions())))

    def on_history_read(self, message: messages.HistoryRead) -> None:
        """They can be brought back now."""
        self._earlier = [*message.questions]
        self.remember()

    # --- completion

    def on_completion_wanted(self, message: messages.CompletionWanted) -> None:
        """Offer commands at once, names and paths once they are looked up; what no more fits goes at once."""
        if self._pause is not None:
            self._pause.stop()
        if self._completions is None:
            return
        from tui.completion import at_once

        wanted = message.wanted
        found = at_once(wanted, self.desk.keymap.text) if wanted is not None else ()
        if wanted is None or found is not None:
            self._completions.offer(found or (), first=wanted is None or wanted.sign == "/" or bool(wanted.typed))
        else:
            self._narrow(wanted)
            self._completions.look()
            self._pause = self.set_timer(PAUSE, lambda: self._look_up(wanted))

    def _narrow(self, wanted: Wanted) -> None:
        """Only what still fits, until it is looked up."""
        from tui.completion import fits

        assert self._completions is not None
        if self._completions.offering:
            choices = self._completions.choices
            left = [each for each in choices if fits(each, wanted)]
            if len(left) < len(choices):
                self._completions.offer(left, first=self._completions.highlighted is not None)

    @work(thread=True, exclusive=True, group="completion")
    def _look_up(self, wanted: Wanted) -> None:
        from tui.completion import found

        with self.desk.guarded("completing", self.desk.notice):
            self.post_message(messages.CompletionsFound(wanted, found(self.desk.archive, wanted, OFFERED)))

    def on_completions_found(self, message: messages.CompletionsFound) -> None:
        """Offer them, if they are still wanted."""
        wanted = message.wanted
        if self._completions is not None and self.prompt.wanted == wanted:
            named = {each.kind for each in message.choices} <= {"outlet", "article"}
            self._completions.offer(message.choices, first=named and (wanted.sign == "@" or bool(wanted.last)))

    def on_completion_chosen(self, message: messages.CompletionChosen) -> None:
        """Take a choice: a name becomes a filter, a command is run, or waits for what it takes."""
        from tui.slash import slashes

        choice, wanted = message.choice, self.prompt.wanted
        if self._completions is not None:
            self._completions.offer(())
        self.prompt.focus()
        if choice.kind == "command":
            self.prompt.put_line(f"/{choice.value} ")
            if not slashes()[choice.value].takes:
                self.prompt.send()
        elif choice.kind in ("value", "path"):
            self.prompt.put_line(f"{wanted.sign if wanted is not None else ''} {choice.value}")
            if choice.kind == "value":
                self.prompt.send()
        elif choice.kind == "article":
            self.prompt.take_name()
            self.filters = replace(self.filters, article=Named((choice.value,), choice.text))
        else:
            self._add_outlet(choice.value, wanted)

    def _add_outlet(self, outlet: str, wanted: Wanted | None) -> None:
        """With an ``@``, to those that are set; with ``/outlet``, to those that were typed before it."""
        if wanted is not None and wanted.sign == "/outlet":
            outlets = NONE.checked("outlets", wanted.typed.rpartition(",")[0]).outlets
            self.prompt.clear()
        else:
            outlets = self.filters.outlets
            self.prompt.take_name()
        self.filters = replace(self.filters, outlets=tuple(dict.fromkeys((*outlets, outlet))))

    # --- commands

    def on_text_area_changed(self) -> None:
        """What was wrong with a command is not, once something else is typed."""
        if self._undone and self.prompt.text != self._undone:
            self._undone = ""
            self.say_wrong("")

    async def on_command_sent(self, message: messages.CommandSent) -> None:
        """Do it; what cannot be done goes back into the prompt."""
        from qa.errors import NewsdeskError, UsageError
        from tui.slash import nearest, slashes

        try:
            command = slashes().get(message.name)
            if command is None:
                raise UsageError(nearest(message.name))
            await self._run(command, message.value)
        except NewsdeskError as error:
            self.prompt.give_back(message.line)
            self._undone = message.line
            self.say_wrong(str(error))

    async def _run(self, command: Slash, value: str) -> None:
        """Raises NewsdeskError."""
        filters: dict[str, Name] = {"outlet": "outlets", "since": "since", "until": "until", "now": "now"}
        if command.command is not None:
            place = command.command.place
            await (self.app if place == "everywhere" else self).run_action(command.command.action)
        elif command.name in filters:
            self.filters = self.filters.checked(filters[command.name], value)
        elif command.name == "clear":
            self.filters = NONE
        elif command.name in ("mode", "model"):
            self._answer_by(command.name, value)
        elif command.name == "add":
            self._add_source(value)
        elif command.name == "export":
            form, file = _form_and_file(value)
            cast("ChatScreen", self).action_export(form, file)
        else:
            await self._rewrite(value or command.name)

    def _answer_by(self, name: str, value: str) -> None:
        from qa.errors import UsageError

        if name == "mode" and value and value not in MODES:
            raise UsageError(f"/mode {value}: one of {', '.join(MODES)}.")
        answerer = MODES[value or "auto"] if name == "mode" else Answerer(model=value or None)
        self._archive().chosen(answerer.mode, answerer.model)
        self.desk.answer_by(answerer)

    def _add_source(self, value: str) -> None:
        from qa.errors import UsageError

        if not value:
            raise UsageError("/add takes a file, a folder or an address.")
        self._archive()
        self.desk.incoming.add(value)

    async def _rewrite(self, how: str) -> None:
        from qa.answers.conversation import wish
        from qa.errors import UsageError

        if not wish(how):
            raise UsageError("/rewrite takes how: shorter, longer, simpler, as a list, in one sentence, in French.")
        await self.action_revise(how)

    def _archive(self) -> Archive:
        from qa.errors import UsageError

        if self.desk.archive is None:
            raise UsageError("The archive is not open yet.")
        return self.desk.archive


def _form_and_file(value: str) -> tuple[str, str]:
    """The form and the file that ``/export`` names: either, both or none. Raises UsageError for a form that is none."""
    from qa.exports import format_of

    first, _, rest = value.partition(" ")
    if not first:
        return "markdown", ""
    if rest.strip() or not Path(first).suffix:
        return format_of(first), rest.strip()
    return format_of(Path(first).suffix), first
