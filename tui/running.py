"""Running the app until it is left, or its terminal is gone."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tui import pauses
from tui.app import NewsdeskApp

if TYPE_CHECKING:
    from qa.config import Config

GRACE = 1.0
"""Seconds that threads get to end when the app is left."""


def _end_with_terminal() -> None:
    """What a terminal's signal does as it goes, where it sends none or that is ignored: Textual would wait forever.

    Nothing is lost: whatever is stored is stored in steps.
    """
    while os.isatty(0):
        time.sleep(2.0)
    os._exit(1)


def run_app(
    config: Config | Callable[[], Config],
    archive_path: Path | None = None,
    *,
    debug: bool = False,
    mode: str = "auto",
    model: str | None = None,
) -> int:
    """Run the app until it is left; its exit status. The arguments are those of ``NewsdeskApp``.

    A thread that waits for a model server cannot be ended. Whatever it does is stored in steps, so after ``GRACE``
    the process ends without it rather than hold the shell.
    """
    if os.isatty(0) and sys.platform != "win32":
        threading.Thread(target=_end_with_terminal, name="terminal", daemon=True).start()
    app = NewsdeskApp(config=config, archive_path=archive_path, debug=debug, mode=mode, model=model)
    loop = pauses.loop()
    app.run(loop=loop)
    status = app.return_code or 0
    deadline = time.monotonic() + GRACE
    while busy := [thread for thread in threading.enumerate() if thread.name.startswith("asyncio_")]:
        if time.monotonic() > deadline:
            sys.stdout.flush()
            os._exit(status)
        busy[0].join(0.05)
    if app.archive is not None:
        app.archive.close()
    return status
