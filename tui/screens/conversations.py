"""Earlier conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from tui.commands import Place, bindings
from tui.display import count, minute, one_line
from tui.messages import SessionOpened, SessionsLoaded
from tui.screens.confirm import ConfirmScreen
from tui.screens.desk_screen import DeskScreen

if TYPE_CHECKING:
    from qa.sessions import Session


class ConversationsScreen(DeskScreen):
    """The kept conversations, the one added to last first."""

    CSS_PATH = "conversations.tcss"
    PLACE: ClassVar[Place] = "conversations"
    BINDINGS = bindings(PLACE)
    AUTO_FOCUS = "#sessions"

    def __init__(self) -> None:
        super().__init__()
        self.sessions: list[Session] = []

    def compose(self) -> ComposeResult:
        """Caption, list, keys."""
        yield Static("Conversations", classes="caption", id="caption", markup=False)
        yield OptionList(id="sessions", compact=True, markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Read the list."""
        if self.desk.archive is not None:
            self._load()
        else:
            self.query_one("#caption", Static).update("Conversations · the archive is not open")

    @work(thread=True, exclusive=True, group="sessions")
    def _load(self) -> None:
        with self.desk.guarded("reading the conversations", self.desk.notice):
            self.post_message(SessionsLoaded(self.desk.opened_archive.sessions.recent()))

    def on_sessions_loaded(self, message: SessionsLoaded) -> None:
        """Show the list, with the cursor where it was."""
        rows = self.query_one(OptionList)
        place = rows.highlighted or 0
        self.sessions = list(message.sessions)
        rows.clear_options()
        rows.add_options([Option(row(session)) for session in self.sessions])
        rows.highlighted = min(place, len(self.sessions) - 1) if self.sessions else None
        known = count(len(self.sessions), "conversation") if self.sessions else "none are kept yet"
        self.query_one("#caption", Static).update(f"Conversations · {known}")

    @property
    def chosen(self) -> Session | None:
        """The conversation under the cursor."""
        place = self.query_one(OptionList).highlighted
        return self.sessions[place] if place is not None and place < len(self.sessions) else None

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open it."""
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """Go on with the conversation under the cursor."""
        if self.chosen is not None:
            self._open(self.chosen.id)

    @work(thread=True, exclusive=True, group="sessions")
    def _open(self, session: int) -> None:
        with self.desk.guarded("opening the conversation", self.desk.notice):
            self.post_message(SessionOpened(session, self.desk.opened_archive.sessions.turns(session)))

    async def on_session_opened(self, message: SessionOpened) -> None:
        """Show its turns."""
        await self.desk.chat.open_session(message.session, message.turns)
        self.action_back()

    async def action_new(self) -> None:
        """Start a new conversation."""
        await self.desk.chat.action_new_conversation()
        self.action_back()

    def action_delete(self) -> None:
        """Delete the conversation under the cursor, after asking."""
        session = self.chosen
        if session is None:
            return

        async def answered(yes: bool | None) -> None:
            if yes:
                self._delete(session.id)
                if self.desk.chat.session == session.id:
                    await self.desk.chat.action_new_conversation()

        text = f"Delete “{one_line(session.title)}” with {count(session.turns, 'answer')}?"
        self.app.push_screen(ConfirmScreen(text), answered)

    @work(thread=True, exclusive=True, group="sessions")
    def _delete(self, session: int) -> None:
        with self.desk.guarded("deleting the conversation", self.desk.notice):
            sessions = self.desk.opened_archive.sessions
            sessions.delete(session)
            self.post_message(SessionsLoaded(sessions.recent()))


def row(session: Session) -> Content:
    """When, how many answers, title."""
    when = minute(session.updated.astimezone()).rjust(18)
    about = f"{when}   {count(session.turns, 'answer'):>11}   "
    return Content.assemble((about, "$foreground-muted"), one_line(session.title))
