"""Earlier conversations: found, opened, renamed, exported, deleted with a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.events import Key
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.command import Place
from tui.commands import bindings
from tui.display import count, minute, one_line
from tui.messages import SessionDeleted, SessionOpened, SessionsLoaded
from tui.screens.desk_screen import DeskScreen
from tui.widgets.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa.sessions import Deleted, Session

Typing = Literal["", "searching", "renaming"]
LISTED = 1000
"""Most conversations that are listed; a search goes through all."""
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
        self._renaming: int | None = None
        self._wanted: int | None = None

    def compose(self) -> ComposeResult:
        """Caption, the line for typing, list, keys."""
        yield Static("Conversations", classes="caption", id="caption", markup=False)
        yield Input(id="line")
        yield OptionList(id="sessions", compact=True, markup=False)
        yield Keys()

    def on_mount(self) -> None:
        """Read the list."""
        if self.desk.archive is not None:
            self._say("reading")
            self._load()
        else:
            self._say("the archive is not open")

    # --- the list

    @work(thread=True, exclusive=True, group="sessions")
    def _load(self) -> None:
        sought = self.sought
        with self.desk.guarded(
            "reading the conversations", lambda error: self.post_message(SessionsLoaded((), sought, error))
        ):
            found = self.desk.of_kept(lambda kept: kept.search(sought, limit=LISTED))
            self.post_message(SessionsLoaded(found, sought))

    def on_sessions_loaded(self, message: SessionsLoaded) -> None:
        """Show the list, the cursor on what it was on, or on what has taken its place."""
        if message.sought != self.sought:
            return
        if message.error:
            self._say(f"✗ {message.error}")
            return
        rows = self.query_one(OptionList)
        place, wanted = rows.highlighted or 0, self._wanted or (self.chosen.id if self.chosen is not None else None)
        self.sessions, self._wanted = message.sessions, None
        opened = self.desk.chat.session
        rows.clear_options()
        rows.add_options(Option(row(each, self.sought, opened=each.id == opened)) for each in self.sessions)
        places = (number for number, each in enumerate(self.sessions) if each.id == wanted)
        rows.highlighted = next(places, min(place, len(self.sessions) - 1)) if self.sessions else None
        self._say(self._found())

    def _found(self) -> str:
        found = count(len(self.sessions), "conversation") if self.sessions else "no conversation"
        if len(self.sessions) == LISTED:
            found = f"the latest {found}"
        if self.sought:
            return f"{found} with “{one_line(self.sought)}”"
        return found if self.sessions else NONE_KEPT

    def _reports(self, failed: str) -> Callable[[str], None]:
        return lambda error: self.desk.notice(f"{failed}: {error}")

    def _say(self, text: str) -> None:
        deleted = len(self.desk.deleted)
        undo = f" · u brings back {'the deleted one' if deleted == 1 else f'{deleted} deleted ones'}" if deleted else ""
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
        line.placeholder = (
            "Words of a title, a question, an answer or a quote" if what == "searching" else "Another title"
        )
        line.value = text
        (line if what else self.query_one(OptionList)).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """The list follows what is sought."""
        if self._typing == "searching" and event.value != self.sought:
            self.sought = event.value
            self._load()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A new title, or on to what was found."""
        if self._typing == "searching":
            self.query_one(OptionList).focus()
        elif self._renaming is not None:
            self._rename(self._renaming, event.value)

    def on_key(self, event: Key) -> None:
        """Down leads from what is sought to what was found."""
        if event.key == "down" and self._typing == "searching" and isinstance(self.focused, Input):
            event.stop()
            self.query_one(OptionList).focus()

    def action_search(self) -> None:
        """Find conversations by their words."""
        self._type("searching", self.sought)

    def action_rename(self) -> None:
        """Give the conversation under the cursor another title."""
        if self.chosen is not None:
            self._renaming = self.chosen.id
            self._type("renaming", one_line(self.chosen.title))

    def action_back(self) -> None:
        """Close the line for a title, else end the search, else close the screen."""
        if self._typing == "renaming":
            self._end_renaming()
        elif self._typing or self.sought:
            self.sought = ""
            self._type("")
            self._load()
        else:
            super().action_back()

    def _end_renaming(self) -> None:
        """The line goes back to what is sought."""
        self._type("searching" if self.sought else "", self.sought)
        self.query_one(OptionList).focus()

    @work(thread=True, exclusive=True, group="sessions")
    def _rename(self, session: int, title: str) -> None:
        with self.desk.guarded("renaming", self._reports("Not renamed")):
            self.desk.of_kept(lambda kept: kept.rename(session, title))
            self.app.call_from_thread(self._end_renaming)
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
        """Show its turns, if there still are any."""
        if not message.turns:
            self.notify("This conversation was deleted meanwhile.", severity="warning", markup=False)
            self._load()
            return
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

    @work(thread=True, group="deleting")
    def _delete(self, session: int) -> None:
        with self.desk.guarded("deleting", self._reports("Not deleted")):
            self.post_message(SessionDeleted(session, self.desk.of_kept(lambda kept: kept.delete(session))))

    async def on_session_deleted(self, message: SessionDeleted) -> None:
        """Remember it for ``u``; an opened conversation that is gone is left."""
        if message.deleted is not None:
            self.desk.deleted.append(message.deleted)
            told = f"Deleted “{one_line(message.deleted.title)}”. u brings it back, until Newsdesk is left."
            self.notify(told, markup=False)
        if self.desk.chat.session == message.session:
            await self.desk.chat.action_new_conversation()
        self._load()

    def action_undo(self) -> None:
        """Bring back what was deleted last, then what was before that."""
        if self.desk.deleted:
            self._restore(self.desk.deleted.pop())
        else:
            self.notify("Nothing was deleted since Newsdesk was opened.", markup=False)

    @work(thread=True, group="deleting")
    def _restore(self, deleted: Deleted) -> None:
        def not_restored(error: str) -> None:
            self.desk.deleted.append(deleted)
            self.desk.notice(f"Not brought back: {error}")

        with self.desk.guarded("bringing back", not_restored):
            self._wanted = self.desk.of_kept(lambda kept: kept.restore(deleted))
        self.app.call_from_thread(self._load)


def row(session: Session, sought: str = "", *, opened: bool = False) -> Content:
    """Its title; below it when, how many answers, and what was found, else what its first answer says."""
    title = Content.assemble(("● " if opened else "  ", "$text-accent"), (one_line(session.title), "bold"))
    about = f"  {minute(session.updated.astimezone())} · {count(session.turns, 'answer')} · "
    said = Content.styled(one_line(session.found or session.answer), "$foreground-muted")
    return Content("\n").join(
        [_marked(title, sought), Content.styled(about, "$foreground-muted") + _marked(said, sought)]
    )


def _marked(line: Content, sought: str) -> Content:
    """With the words that were sought marked."""
    from qa.kept_words import folded, places

    if not sought:
        return line
    for start, end in places(line.plain, folded(sought).split()):
        line = line.stylize("underline $text-accent", start, end)
    return line
