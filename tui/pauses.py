"""The pauses in which the app paints no key, kept short.

A full collection of garbage walks every object there is: with models and indexes loaded, a third of a second. So what
is there once the archive can be asked is left out of it for good, and full collections come when nobody types and
nothing is answered. Threads that compute hand over to the one that paints sooner than Python would have them, and
take a break while it has something to do (``qa.breaks``).
"""

from __future__ import annotations

import asyncio
import gc
import selectors
import sys
from typing import Any

YOUNG = 20_000
"""Objects made before the youngest are looked through for garbage."""
NEVER = 1_000_000
HAND_OVER = 0.001
"""Seconds that a thread computes on while another one waits."""
QUIET = 3.0
"""Seconds without a key after which a full collection is in nobody's way."""
EVERY = 30.0
"""Seconds between two of them, where nothing is in the way."""


def shorten() -> None:
    """Take no full collections from now on, and let threads hand over sooner."""
    gc.set_threshold(YOUNG, 20, NEVER)
    sys.setswitchinterval(HAND_OVER)


def spare_what_is_loaded() -> None:
    """Whatever there is now stays: walk it no more."""
    gc.freeze()


def collect() -> None:
    """Take the full collection now."""
    gc.collect()


class Watch(selectors.DefaultSelector):
    """Knows whether its event loop has something to do: whenever it does not wait here."""

    busy = False

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait, as any selector does."""
        self.busy = False
        try:
            found: list[Any] = super().select(timeout)
        finally:
            self.busy = True
        return found


def loop() -> asyncio.AbstractEventLoop:
    """The app's, for which other threads take breaks as soon as ``ask_for_breaks`` was called; not so on Windows."""
    return asyncio.new_event_loop() if sys.platform == "win32" else asyncio.SelectorEventLoop(Watch())


def ask_for_breaks() -> None:
    """Have threads that compute take breaks while this thread's loop has something to do."""
    from qa import breaks

    watch = getattr(asyncio.get_running_loop(), "_selector", None)
    if isinstance(watch, Watch):
        breaks.ask(lambda: watch.busy)
