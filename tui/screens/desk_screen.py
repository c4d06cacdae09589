"""What every screen of Newsdesk shares: its way to the app, the way back, and keys that move in lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.binding import ActiveBinding
from textual.screen import ModalScreen, Screen, ScreenResultType

from tui.commands import bindings

if TYPE_CHECKING:
    from tui.app import NewsdeskApp
    from tui.command import Place

MOVES: dict[str, tuple[str, ...]] = {
    "down": ("cursor_down", "scroll_down"),
    "up": ("cursor_up", "scroll_up"),
    "first": ("first", "scroll_top", "scroll_home"),
    "last": ("last", "scroll_bottom", "scroll_end"),
    "page_down": ("page_down",),
    "page_up": ("page_up",),
}
"""What a move is called by the widgets that can make it, the first that one has counts."""


class Moving(Screen[ScreenResultType]):
    """vi's keys, in whatever has the focus and takes no typing."""

    PLACE: ClassVar[Place] = "everywhere"
    BINDINGS = bindings("lists")

    @property
    def desk(self) -> NewsdeskApp:
        """The app, by its own type."""
        return cast("NewsdeskApp", self.app)

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys in force; an action that was given none has no place in the footer."""
        from tui.keymap import NO_KEY

        return {key: each for key, each in super().active_bindings.items() if each.binding.key != NO_KEY}

    def action_list_move(self, how: str) -> None:
        """Move the cursor, or scroll where there is none."""
        for name in MOVES[how]:
            move: Any = getattr(self.focused, f"action_{name}", None)
            if move is not None:
                move()
                return


class DeskScreen(Moving[None]):
    """A screen that knows its app, and its place in the registry of commands."""

    def action_back(self) -> None:
        """To the screen below."""
        self.app.pop_screen()


class DeskModal(ModalScreen[ScreenResultType], Moving[ScreenResultType]):
    """The same over another screen; it gives a result."""
