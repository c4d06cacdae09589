"""Breaks that long work takes for a thread that somebody looks at.

Python shares its time out evenly among threads that compute, so one that paints gets a third of it beside one that
reads and one that checks. Work that may last calls ``take`` between its steps, of a few milliseconds each. That costs
nothing where nobody has asked for breaks, as in the command line and in the library.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

LONGEST = 0.03
"""Seconds after which work goes on, whatever is still wanted."""
STEP = 0.001
"""Seconds between two looks at whether a break is still wanted."""

_asked: tuple[int, Callable[[], bool]] | None = None


def ask(wanted: Callable[[], bool] | None) -> None:
    """Have all other threads take breaks while ``wanted()`` holds; None for no more breaks."""
    global _asked  # noqa: PLW0603 - threads share Python's time in the whole process
    _asked = None if wanted is None else (threading.get_ident(), wanted)


def take() -> None:
    """Wait while a break is wanted, at most ``LONGEST`` seconds, and not in the thread that asked for it."""
    if _asked is not None:
        asker, wanted = _asked
        if threading.get_ident() != asker:
            until = time.monotonic() + LONGEST
            while wanted() and time.monotonic() < until:
                time.sleep(STEP)
