"""The log of errors that nobody foresaw. Whatever a worker meets ends here and on the screen, never in silence.

Invariant: no key that is known stands in the log.
"""

from __future__ import annotations

import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

LOG_NAME = "newsdesk.log"


def record(error: BaseException, *, doing: str, folder: Path | None) -> Path:
    """Add a traceback to the log in ``folder``, or in the temporary folder where that cannot be written; its path."""
    from qa.keys import redact

    told = redact("".join(traceback.format_exception(error)))
    entry = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {doing}\n{told}\n"
    for place in (folder, Path(tempfile.gettempdir())):
        if place is None or not place.is_dir():
            continue
        log = place / LOG_NAME
        try:
            with log.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(entry)
        except OSError:
            continue
        return log
    return Path("no folder to write a log to")
