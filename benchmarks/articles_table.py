"""How quick the list of articles is with 100,000 of them: opened, filtered, at its end.

    python benchmarks/articles_table.py [--articles 100000] [--folder FOLDER]

An archive of invented articles is made first, rows alone: nothing is embedded. A FOLDER that holds one already is used
as it is. Prints JSON: the medians of ten each in the real app, in milliseconds, from the key to the row on the screen,
beside the plain SQL of the same.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from textual.pilot import Pilot  # noqa: E402
from textual.widgets import Input  # noqa: E402

from qa.archive import Archive  # noqa: E402
from qa.articles import Article, make_article  # noqa: E402
from tests.newsroom import story  # noqa: E402
from tests.tui_fixtures import settings  # noqa: E402
from tui.app import NewsdeskApp  # noqa: E402
from tui.screens.articles import ArticlesScreen  # noqa: E402
from tui.widgets.article_table import ArticleTable  # noqa: E402

BATCH = 2000
OUTLETS = 60
SECTIONS = ("world", "business", "sport", "culture", "politics", "")
DAYS = 730
TIMES = 10


def article(number: int, text: str) -> Article:
    """An invented article of about 3 KB."""
    published = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=number * DAYS * 1440 // 100_000)
    return make_article(
        title=f"Report {number} on the harbour of {story(number, 1)[:40]}",
        text=f"{number} {text}",
        source=f"made/{number}.txt",
        outlet=f"Outlet {number % OUTLETS}",
        section=SECTIONS[number % len(SECTIONS)],
        published=published,
    )


def build(folder: Path, articles: int) -> None:
    """Fill an archive."""
    texts = [story(number, 24) for number in range(50)]
    with Archive.open(folder, config=settings()) as archive:
        for start in range(0, articles, BATCH):
            some = [(article(number, texts[number % 50]), ()) for number in range(start, min(start + BATCH, articles))]
            archive.catalog.store(some)


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    """Let the app go on until something holds."""
    for _ in range(20_000):
        if holds():
            return
        await pilot.pause(0.001)
    raise SystemExit("it did not come to hold")


async def measure(folder: Path) -> dict[str, float]:
    """The medians in the app, in milliseconds."""
    app = NewsdeskApp(config=settings(), archive_path=folder)
    taken: dict[str, list[float]] = {"open": [], "filter": [], "end": []}
    async with app.run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: app.archive is not None and app.standing.articles)

        def table() -> ArticlesScreen:
            assert isinstance(app.screen, ArticlesScreen)
            return app.screen

        async def timed(name: str, act: Callable[[], Awaitable[object]], holds: Callable[[], object]) -> None:
            begun = time.perf_counter()
            await act()
            await until(pilot, holds)
            taken[name].append(1000 * (time.perf_counter() - begun))

        def listed() -> bool:
            tables = app.screen.query(ArticleTable)
            return bool(tables) and tables.first().chosen is not None

        rows = app.opened_archive.browse().counts().rows
        for number in range(TIMES):
            words = f"report {number}7"

            async def typed(words: str = words) -> None:
                table().query_one("#filter", Input).value = words

            await timed("open", lambda: app.run_action("articles"), listed)
            await timed("end", lambda: pilot.press("end"), lambda: table().table.cursor == rows - 1 and listed())
            await timed("filter", typed, lambda: table().table.rows < rows and listed())
            await pilot.pause(0.2)
            app.pop_screen()
            await pilot.pause(0.2)
    if app.archive is not None:
        app.archive.close()
    return {f"{name}_ms": round(statistics.median(each), 1) for name, each in taken.items()}


def plain(folder: Path) -> dict[str, float]:
    """The same as calls of the core."""
    with Archive.open(folder, config=settings()) as archive:

        def median(act: Callable[[], object]) -> float:
            taken = []
            for _ in range(TIMES):
                begun = time.perf_counter()
                act()
                taken.append(1000 * (time.perf_counter() - begun))
            return round(statistics.median(taken), 1)

        rows = archive.browse().counts().rows
        return {
            "sql_open_ms": median(lambda: (archive.browse().counts(), archive.browse().rows(0, 100))),
            "sql_filter_ms": median(lambda: archive.browse(title="report 77").counts()),
            "sql_end_ms": median(lambda: archive.browse().rows(rows - 100, 100, of=rows)),
            "sql_days_ms": median(lambda: archive.browse().days()),
        }


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=None)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary, "archive")
        if not (folder / "catalog.db").is_file():
            build(folder, given.articles)
        figures = {"articles": given.articles, **plain(folder), **asyncio.run(measure(folder))}
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
