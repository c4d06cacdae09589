"""Earlier conversations: found, opened, renamed, exported, deleted with a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.commands import Place, bindings
from tui.display import count, minute, one_line
from tui.messages import SessionDeleted, SessionOpened, SessionsLoaded
from tui.screens.desk_screen import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.sessions import Session

Typing = Literal["", "searching", "renaming"]
NONE_KEPT = "None are kept yet. Each answer is kept in its conversation: Esc goes back to ask the first question."


class ConversationsScreen(DeskScreen):
    """The kept conversations, the one added to last first. One line above them takes a search, or a new title."""

    CSS_PATH = "conversations.tcss"
    PLACE: ClassVar[Place] = "conversations"
    BINDINGS = bindings(PLACE)
    AUTO_FOCUS = "#sessions"

    def __init__(self) -> None:
        super().__init__()
        self.sessions: Sequence[Session] = ()
        self.sought = ""
        self._typing: Typing = ""

    def compose(self) -> ComposeResult:
        """Caption, the line for typing, list, keys."""
        yield Static("Conversations", classes="caption", id="caption", markup=False)
        yield Input(id="line")
        yield OptionList(id="sessions", compact=True, markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Read the list."""
        if self.desk.archive is not None:
            self._load()
        else:
            self._say("the archive is not open")

    # --- the list

    @work(thread=True, exclusive=True, group="sessions")
    def _load(self) -> None:
        sought = self.sought
        with self.desk.guarded("reading the conversations", self.desk.notice):
            self.post_message(SessionsLoaded(self.desk.opened_archive.sessions.search(sought), sought))

    def on_sessions_loaded(self, message: SessionsLoaded) -> None:
        """Show the list, with the cursor where it was."""
        if message.sought != self.sought:
            return
        rows = self.query_one(OptionList)
        chosen = self.chosen
        self.sessions = message.sessions
        rows.clear_options()
        rows.add_options(
            [Option(row(session, opened=session.id == self.desk.chat.session)) for session in self.sessions]
        )
        places = (place for place, each in enumerate(self.sessions) if chosen is not None and each.id == chosen.id)
        rows.highlighted = next(places, 0 if self.sessions else None)
        self._say(self._found())

    def _found(self) -> str:
        if self.sought:
            known = count(len(self.sessions), "conversation") if self.sessions else "no conversation"
            return f"{known} with “{one_line(self.sought)}”"
        return count(len(self.sessions), "conversation") if self.sessions else NONE_KEPT

    def _say(self, text: str) -> None:
        undo = " · u brings the deleted one back" if self.desk.deleted else ""
        self.query_one("#caption", Static).update(f"Conversations · {text}{undo}")

    @property
    def chosen(self) -> Session | None:
        """The conversation under the cursor."""
        place = self.query_one(OptionList).highlighted
        return self.sessions[place] if place is not None and place < len(self.sessions) else None

    # --- the line for typing

    def _type(self, what: Typing, text: str = "") -> None:
        line = self.query_one("#line", Input)
        self._typing = what
        line.set_class(bool(what), "-shown")
        line.placeholder = "Words of a question, an answer or a quote" if what == "searching" else "Another title"
        line.value = text
        (line if what else self.query_one(OptionList)).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """The list follows what is sought."""
        if self._typing == "searching" and event.value != self.sought:
            self.sought = event.value
            self._load()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A new title, or on to what was found."""
        if self._typing == "renaming" and self.chosen is not None and event.value.strip():
            self._rename(self.chosen.id, event.value)
            self._type("")
        elif self._typing == "searching":
            self.query_one(OptionList).focus()

    def action_search(self) -> None:
        """Find conversations by their words."""
        self._type("searching", self.sought)

    def action_rename(self) -> None:
        """Give the conversation under the cursor another title."""
        if self.chosen is not None:
            self._type("renaming", one_line(self.chosen.title))

    def action_back(self) -> None:
        """Close the line and end the search, else the screen."""
        if self._typing:
            searching, self.sought = self._typing == "searching", ""
            self._type("")
            if searching:
                self._load()
        else:
            super().action_back()

    @work(thread=True, exclusive=True, group="sessions")
    def _rename(self, session: int, title: str) -> None:
        with self.desk.guarded("renaming the conversation", self.desk.notice):
            sessions = self.desk.opened_archive.sessions
            sessions.rename(session, title)
        self.app.call_from_thread(self._load)

    # --- opening, exporting

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open it."""
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """Go on with the conversation under the cursor."""
        if self.chosen is not None:
            self.desk.open_conversation(self.chosen.id)

    async def on_session_opened(self, message: SessionOpened) -> None:
        """Show its turns."""
        await self.desk.chat.open_session(message.session, message.turns)
        self.app.pop_screen()

    async def action_new(self) -> None:
        """Start a new conversation."""
        await self.desk.chat.action_new_conversation()
        self.app.pop_screen()

    def action_export(self) -> None:
        """Write the conversation under the cursor to a file."""
        from tui.screens.export import ExportScreen

        if self.chosen is not None:
            self.app.push_screen(ExportScreen(self.chosen.title, session=self.chosen.id))

    # --- deleting

    def action_delete(self) -> None:
        """Delete the conversation under the cursor; ``u`` brings it back."""
        if self.chosen is not None:
            self._delete(self.chosen.id)

    @work(thread=True, exclusive=True, group="deleting")
    def _delete(self, session: int) -> None:
        with self.desk.guarded("deleting the conversation", self.desk.notice):
            self.post_message(SessionDeleted(session, self.desk.opened_archive.sessions.delete(session)))

    async def on_session_deleted(self, message: SessionDeleted) -> None:
        """Remember it for ``u``; an opened conversation that is gone is left."""
        if message.deleted is not None:
            self.desk.deleted.append(message.deleted)
            self.notify(f"Deleted “{one_line(message.deleted.title)}”. u brings it back.", markup=False)
        if self.desk.chat.session == message.session:
            await self.desk.chat.action_new_conversation()
        self._load()

    def action_undo(self) -> None:
        """Bring back what was deleted last."""
        if self.desk.deleted:
            self._restore()
        else:
            self.notify("Nothing was deleted since Newsdesk was opened.", markup=False)

    @work(thread=True, exclusive=True, group="deleting")
    def _restore(self) -> None:
        with self.desk.guarded("bringing the conversation back", self.desk.notice):
            self.desk.opened_archive.sessions.restore(self.desk.deleted[-1])
            self.desk.deleted.pop()
        self.app.call_from_thread(self._load)


def row(session: Session, *, opened: bool = False) -> Content:
    """When, how many answers, title; below it what was found, else what its first answer says."""
    when = minute(session.updated.astimezone()).rjust(18)
    about = f"{'●' if opened else ' '}{when}   {count(session.turns, 'answer'):>11}   "
    first = Content.assemble((about, "$foreground-muted"), (one_line(session.title), "bold"))
    said = one_line(session.found or session.answer)
    return Content("\n").join([first, Content.styled(f"{' ' * len(about)}{said}", "$foreground-muted")])
