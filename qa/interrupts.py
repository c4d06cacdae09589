"""What the command line shows while it works, and what Ctrl+C does: the first ends the work in good order."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from qa.intake import OnProgress, Progress


@contextmanager
def progress() -> Iterator[OnProgress | None]:
    """Progress on standard error where that is a terminal. The first Ctrl+C ends the task at its next batch."""
    from qa.intake import Cancelled
    from qa.printing import say

    stop = threading.Event()

    def at_next(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise Interrupted
        stop.set()
        say("Stopping at the next batch; once more to stop at once.")

    was = signal.signal(signal.SIGINT, at_next)
    try:
        with _bars() as show:

            def told(progress: Progress) -> None:
                if stop.is_set():
                    raise Cancelled
                show(progress)

            yield told
    finally:
        signal.signal(signal.SIGINT, was)


@contextmanager
def _bars() -> Iterator[OnProgress]:
    if not sys.stderr.isatty():
        yield lambda _progress: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description:<9}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[pace]}"),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(progress: Progress) -> None:
            if progress.stage not in tasks:
                tasks[progress.stage] = bars.add_task(progress.stage, total=1, pace="")
            done = progress.done / progress.total if progress.total else 1
            bars.update(tasks[progress.stage], completed=done, pace=progress.pace)

        yield show


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that the first Ctrl+C sets, so that what had come can be kept; the second interrupts."""
    stop = threading.Event()

    def on_interrupt(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise Interrupted
        stop.set()

    was = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, was)


class Interrupted(BaseException):
    """Ctrl+C; not KeyboardInterrupt, which the command-line library ends without a word."""


def interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Raise Interrupted; a handler of SIGINT."""
    raise Interrupted
