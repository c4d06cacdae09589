"""Whether an item of a news wire may be used.

What its provider withholds, cancels or holds under an embargo must not come in: nobody may quote it. In doubt it
stays out, since it can come in later and cannot be taken back.
"""

from __future__ import annotations

import re
import time

from qa.articles import instant
from qa.articles.dates import UnclearDate, parse_date
from qa.errors import SourceError

__all__ = ["check_release"]

_CANCELLED = "cancelled by its provider; take out of the archive what came in of it before"
_REFUSED = {
    "withheld": "withheld by its provider; not taken in",
    "embargoed": "under embargo; not taken in",
    **dict.fromkeys(("canceled", "cancelled", "killed"), _CANCELLED),
}


def check_release(source: str, *, status: str, embargo: str | None, now: float | None = None) -> None:
    """Raise SourceError where an item may not be used.

    ``status`` is a term of IPTC's publishing status, with or without its scheme (``stat:usable``). ``embargo`` is
    the moment when it ends, "" where it has no end, None where there is none; ``now`` is in seconds since the epoch.
    """
    term = re.split(r"[:/]", status.strip())[-1].lower()
    if term in _REFUSED:
        raise SourceError(f"{source}: {_REFUSED[term]}.")
    if embargo is not None and not _is_past(embargo, time.time() if now is None else now):
        until = f" until {embargo[:40]}" if embargo else ""
        raise SourceError(f"{source}: under embargo{until}; not taken in. Read it again after that.")


def _is_past(moment: str, now: float) -> bool:
    try:
        found = parse_date(moment, now=now)
    except UnclearDate:
        return False
    return found is not None and instant(found) <= now
