"""The outlets and authors of an archive by the names that questions call them.

Read from the catalog when a question first needs them and again only when articles have come or gone, so that a
question costs no scan of the articles.
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime

from qa.articles.urls import host_of
from qa.catalog import Catalog
from qa.outlets import Known
from qa.schema import UNDATED

OUTLETS = """
    SELECT outlet,
        (SELECT url FROM articles WHERE outlet = named.outlet ORDER BY rowid LIMIT 1) AS first,
        (SELECT url FROM articles WHERE outlet = named.outlet ORDER BY rowid DESC LIMIT 1) AS last
    FROM (SELECT DISTINCT outlet FROM articles WHERE outlet <> '') AS named ORDER BY outlet
"""
"""Each outlet with the addresses of its first and its last article: the index answers, no article is read."""
SITES = """
    SELECT DISTINCT substr(rest, 1, instr(rest || '/', '/') - 1) AS host
    FROM (SELECT substr(url, instr(url, '://') + 3) AS rest FROM articles WHERE outlet = '' AND url <> '')
"""


class Names:
    """What one catalog has articles of. Safe to share between threads."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._lock = threading.Lock()
        self._read: tuple[int, Known] | None = None

    def known(self) -> Known:
        """The names as they are now."""
        generation = self._catalog.generation("words")
        with self._lock:
            if self._read is None or self._read[0] != generation:
                self._read = (generation, self._known())
            return self._read[1]

    def _known(self) -> Known:
        """An address names its outlet where both ends of the outlet are of one host, which is no other outlet's."""
        rows = self._catalog.all(OUTLETS)
        hosts = [(host_of(row["first"]), str(row["outlet"])) for row in rows if _one_host(row["first"], row["last"])]
        shared = Counter(host for host, _ in hosts)
        authors = self._catalog.all("SELECT DISTINCT value FROM articles, json_each(authors) WHERE authors <> '[]'")
        newest = self._catalog.all("SELECT max(published_at) AS at FROM articles")[0]["at"]
        outlets = tuple(str(row["outlet"]) for row in rows)
        return Known(
            outlets=outlets,
            hosts=tuple((host, outlet) for host, outlet in hosts if shared[host] == 1),
            authors=tuple(str(row["value"]) for row in authors if row["value"] not in outlets),
            newest=None if newest is None or newest <= UNDATED else datetime.fromtimestamp(newest, UTC).date(),
            sites=tuple(str(row["host"]) for row in self._catalog.all(SITES)),
        )


def _one_host(first: str, last: str) -> bool:
    return bool(host_of(first)) and host_of(first) == host_of(last)
