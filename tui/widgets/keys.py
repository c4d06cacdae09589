"""The line of keys at the foot of a screen."""

from __future__ import annotations

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.events import Resize
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

HELP = "help"
"""The action whose key is always there: it leads to all the others."""
PADDING = 3


class Keys(Footer):
    """Textual's footer, but a key for which there is no room is left out rather than cut off."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False)
        self._composed_for = 0

    def compose(self) -> ComposeResult:
        """As many keys as there is room for, in their order."""
        keys = [key for key in super().compose() if isinstance(key, FooterKey)]
        self._composed_for = room = self.app.size.width
        room -= sum(_width(key) for key in keys if key.action == HELP)
        for key in keys:
            if key.action != HELP:
                room -= _width(key)
            if key.action == HELP or room >= 0:
                yield key

    def on_resize(self, event: Resize) -> None:
        """More room, or less."""
        if event.size.width != self._composed_for:
            self.call_after_refresh(self.recompose)


def _width(key: FooterKey) -> int:
    return cell_len(key.key_display) + cell_len(key.description) + PADDING
