"""The border between the conversation and its evidence, which is moved with the mouse."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.widget import Widget

from tui.messages import SplitMoved

LEAST, MOST = 25, 75
"""Per cent of the width that the evidence may take."""


class Split(Widget):
    """One column; dragged, it asks for the evidence to be so wide."""

    def __init__(self) -> None:
        super().__init__(id="split")
        self._dragging = False

    def render(self) -> Content:
        """A line from top to bottom."""
        return Content("\n".join("│" * max(self.size.height, 1)))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin."""
        self._dragging = True
        self.add_class("-dragging")
        self.capture_mouse()
        event.stop()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The column under the mouse is where the border belongs."""
        if self._dragging and self.parent is not None and isinstance(self.parent, Widget):
            whole = self.parent.region
            self.post_message(SplitMoved(within(100 * (whole.right - event.screen_x) / max(whole.width, 1))))
            event.stop()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End."""
        self._dragging = False
        self.remove_class("-dragging")
        self.release_mouse()
        event.stop()


def within(share: float) -> float:
    """A share that leaves both sides room."""
    return min(max(share, LEAST), MOST)
