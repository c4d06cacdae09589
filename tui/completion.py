"""What the archive has that begins like what is being typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.display import byline, count
from tui.widgets.completions import Completion

if TYPE_CHECKING:
    from qa.archive import Archive


def names(archive: Archive, typed: str, most: int) -> list[Completion]:
    """Outlets of which a word begins so, the largest first, then the newest articles with these words in their titles.

    At most so many of each. It reads the catalog: call it in a worker's thread.
    """
    wanted = typed.casefold().strip()
    outlets = [
        Completion("outlet", outlet, outlet, count(articles, "article"))
        for outlet, articles in archive.browse().facet("outlet")
        if outlet and _begins(outlet, wanted)
    ][:most]
    rows = archive.browse(title=typed).rows(0, most)
    return outlets + [Completion("article", row.id, row.title, byline(row, ", ")) for row in rows]


def _begins(outlet: str, wanted: str) -> bool:
    folded = outlet.casefold()
    return folded.startswith(wanted) or any(word.startswith(wanted) for word in folded.split())
