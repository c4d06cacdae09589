"""How quick the list of articles is with 100,000 of them: opened, filtered, at its end, sorted, with its chart.

    python benchmarks/articles_table.py [FOLDER] [--articles 100000] [--times 10]

An archive of invented articles of about 3 KB is made first, rows alone, nothing embedded; one that stands in FOLDER
already is used as it is. The app itself runs without a terminal at 120 by 40; each time goes from the action until its
rows have been drawn. Prints JSON: medians and the worst in milliseconds, beside the plain queries of the same, and the
median of the time that the processor worked for it, all threads together, which tells more where others work, too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from terminal import sentence
from textual.widgets import Input

from qa.archive import Archive
from qa.articles import Article, make_article
from qa.browsing import Browsing, Order
from qa.chunks import Chunk
from qa.config import ArchiveSection, Config, load
from tui.app import NewsdeskApp
from tui.screens.articles import ArticlesScreen
from tui.widgets.timeline import Timeline

BATCH = 2000
SENTENCES = 20
PASSAGES = 4
DAYS = 730
SECTIONS = ("world", "business", "sport", "culture", "world/europe", "politics", "")
CLUSTERED = 12
"""One in so many articles is the first of three near-copies."""
PATIENCE = 60.0
Took = tuple[float, float]
"""Seconds that passed, and seconds of the processor."""
FILTER = "ferry"
PAGE = 100


def build(folder: Path, articles: int) -> float:
    """Fill an archive; the seconds that it took."""
    begun, chance = time.monotonic(), random.Random(1)
    pool = [sentence(chance) for _ in range(3000)]
    first = datetime(2024, 1, 1, tzinfo=UTC)
    with Archive.open(folder, config=load(environ={})) as archive:
        for start in range(0, articles, BATCH):
            numbers = range(start, min(start + BATCH, articles))
            archive.catalog.store([invented(number, chance, pool, first) for number in numbers])
        with archive.catalog.transaction() as db:
            db.execute("UPDATE chunks SET words = 1, vectors = 1")  # nothing is pending: the app has nothing to embed
            db.execute("UPDATE articles SET gone = '2026-01-01T00:00:00+00:00' WHERE rowid % 100 = 0")
            ids = [row[0] for row in db.execute("SELECT id FROM articles ORDER BY published_at, id")]
            copies = [(ids[at], ids[at + n]) for at in range(0, len(ids) - 3, CLUSTERED) for n in range(3)]
            db.executemany("UPDATE articles SET cluster = ? WHERE id = ?", copies)
    return time.monotonic() - begun


def invented(number: int, chance: random.Random, pool: list[str], first: datetime) -> tuple[Article, list[Chunk]]:
    """An article with its passages."""
    told = chance.choices(pool, k=SENTENCES)
    text = "\n\n".join(" ".join(told[at : at + 4]) for at in range(0, SENTENCES, 4))
    words = chance.choice(pool).split()
    article = make_article(
        title=f"{' '.join(words[: chance.randint(6, 12)])} {number}",
        text=text,
        source=f"/news/{number}.json",
        url=f"https://news.example/{number}",
        outlet=f"The {words[1].strip(',')} Courier {chance.randint(1, 6)}",
        published=first + timedelta(days=DAYS * chance.random()),
        section=chance.choice(SECTIONS),
    )
    length = len(text) // PASSAGES
    return article, [Chunk(f"{article.id}{n}", article.id, n, n * length, (n + 1) * length) for n in range(PASSAGES)]


def plain(archive: Archive, times: int) -> dict[str, Any]:
    """The queries alone."""

    def page(order: Order = "date", *, end: bool = False, **chosen: Any) -> Callable[[], Browsing]:
        def read() -> Browsing:
            browsing = archive.browse(order=order, **chosen)
            rows = browsing.counts().rows
            browsing.rows(rows - PAGE if end else 0, PAGE, of=rows)
            return browsing

        return read

    measured = {
        "open": page(),
        "filter": page(title=FILTER),
        "end": page(end=True),
        "sort by outlet": page("outlet"),
        "sort by title": page("title"),
        "chart": lambda: archive.browse().days(),
    }
    found = {}
    for name, read in measured.items():
        took = []
        for _ in range(times):
            begun = now()
            read()
            took.append(since(begun))
        found[name] = told(took)
    return found


class Watch:
    """The app with its list, driven as keys would drive it."""

    def __init__(self, app: NewsdeskApp) -> None:
        self.app = app

    @property
    def screen(self) -> ArticlesScreen:
        """The list, which is open."""
        assert isinstance(self.app.screen, ArticlesScreen)
        return self.app.screen

    def shown(self) -> bool:
        """Whether the list is there with its first rows."""
        screen = self.app.screen
        return isinstance(screen, ArticlesScreen) and bool(screen.query("#table")) and self.drawn(screen)

    def whole(self) -> bool:
        """Whether the rows are counted, too, and the keys are there."""
        return self.shown() and self.screen.counts is not None and self.screen.has_class("-whole")

    def drawn(self, screen: ArticlesScreen) -> bool:
        """Whether the row under the cursor is known and stands on the screen."""
        if (row := screen.table.chosen) is None:
            return False
        strips = screen._compositor.render_strips()  # noqa: SLF001 - there is no terminal to see it arrive at
        return any(row.title[:20] in strip.text for strip in strips)

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds."""
        limit = time.perf_counter() + PATIENCE
        while not holds():
            if time.perf_counter() > limit:
                raise SystemExit("the list did not come to show what was asked of it")
            await asyncio.sleep(0.002)

    async def listed(self, act: Callable[[], object]) -> Took:
        """From an action until the rows of another list are drawn."""
        before, begun = self.screen.table.browsing, now()
        act()
        await self.until(lambda: self.screen.table.browsing is not before and self.drawn(self.screen))
        return since(begun)

    async def settle(self) -> None:
        """Let everything that goes on in the background come to its end."""
        while any(not worker.is_finished for worker in self.app.workers):
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)

    async def open(self, shown: Callable[[], bool]) -> Took:
        """Open the list anew."""
        begun = now()
        self.app.action_articles()
        await self.until(shown)
        took = since(begun)
        await self.settle()
        await self.app.pop_screen()
        return took

    async def filter(self) -> Took:
        """Type a word."""
        line = self.screen.query_one("#filter", Input)
        if line.value:
            await self.listed(partial(setattr, line, "value", ""))
            await self.settle()
        return await self.listed(partial(setattr, line, "value", FILTER))

    async def end(self) -> Took:
        """Go to the last row, of which nothing has been read."""
        await self.listed(self.screen.load)
        await self.settle()
        self.screen.table.move(0)
        begun = now()
        self.screen.table.action_last()
        await self.until(lambda: self.drawn(self.screen))
        return since(begun)

    async def sort(self) -> Took:
        """Sort by the next column."""
        await self.settle()
        return await self.listed(self.screen.action_sort)

    async def chart(self) -> Took:
        """From an action that changes the list until its chart is drawn."""
        await self.settle()
        chart = self.screen.query_one(Timeline)
        before, begun = chart._days, now()  # noqa: SLF001
        self.screen.load()
        await self.until(lambda: chart._days is not before)  # noqa: SLF001
        return since(begun)


async def in_app(folder: Path, config: Config, times: int) -> dict[str, Any]:
    """The same in the app, once it has loaded its models."""
    app = NewsdeskApp(config=config, archive_path=folder)
    found: dict[str, list[Took]] = {}

    async def measure(name: str, act: Callable[[], Awaitable[Took]]) -> None:
        first = await act()
        found[name] = [await act() for _ in range(times)]
        if name == "open":
            found["open for the first time"] = [first]

    async with app.run_test(size=(120, 40)):
        watch = Watch(app)
        await watch.until(lambda: app.chat.ready)
        await watch.settle()
        await measure("open", partial(watch.open, watch.shown))
        await measure("open with counts and keys", partial(watch.open, watch.whole))
        app.action_articles()
        await watch.until(watch.whole)
        await measure("filter", watch.filter)
        await watch.listed(partial(setattr, watch.screen.query_one("#filter", Input), "value", ""))
        await measure("end", watch.end)
        await measure("sort", watch.sort)
        await measure("chart", watch.chart)
    if app.archive is not None:
        app.archive.close()
    return {name: told(took) for name, took in found.items()}


def now() -> Took:
    """The moment, by both clocks."""
    return time.perf_counter(), time.process_time()


def since(begun: Took) -> Took:
    """What passed since then."""
    passed, worked = now()
    return passed - begun[0], worked - begun[1]


def told(took: list[Took]) -> dict[str, float]:
    """Median and worst, and the median of the processor's time, in milliseconds."""
    passed, worked = zip(*took, strict=True)
    figures = {"median": statistics.median(passed), "worst": max(passed), "processor": statistics.median(worked)}
    return {name: round(seconds * 1000, 1) for name, seconds in figures.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="an archive, made there unless it stands there already")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary) / "archive"
        seconds = None if (folder / "catalog.db").is_file() else round(build(folder, given.articles), 1)
        config = load(environ={}).model_copy(update={"archive": ArchiveSection(path=folder)})
        load_before = os.getloadavg()[0]
        with Archive.open(folder, config=config) as archive:
            articles, queries = archive.catalog.counts()[0], plain(archive, given.times)
        shown = asyncio.run(in_app(folder, config, given.times))
    report = {
        "articles": articles,
        "built in s": seconds,
        "load": load_before,
        "ms in the app": shown,
        "ms in SQL": queries,
    }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
