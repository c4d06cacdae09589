"""What every screen of Newsdesk shares: its way to the app, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.screen import Screen

if TYPE_CHECKING:
    from tui.app import NewsdeskApp
    from tui.commands import Place


class DeskScreen(Screen[None]):
    """A screen that knows its app, and its place in the registry of commands."""

    PLACE: ClassVar[Place] = "everywhere"

    @property
    def desk(self) -> NewsdeskApp:
        """The app, by its own type."""
        return cast("NewsdeskApp", self.app)

    def action_back(self) -> None:
        """To the screen below."""
        self.app.pop_screen()
