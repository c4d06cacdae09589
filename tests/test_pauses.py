"""Breaks that threads take for the one that paints, and when that has something to do."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from qa import breaks
from tui import pauses


class Clock:
    """Time that passes by sleeping alone."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture(name="clock")
def a_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    clock = Clock()
    monkeypatch.setattr(breaks, "time", clock)
    yield clock
    breaks.ask(None)


def elsewhere(act: Callable[[], object]) -> None:
    """Do it in another thread."""
    with ThreadPoolExecutor(1) as threads:
        threads.submit(act).result()


def test_nobody_waits_where_nobody_asked(clock: Clock) -> None:
    elsewhere(breaks.take)
    assert clock.now == 0


def test_others_wait_while_it_is_wanted(clock: Clock) -> None:
    breaks.ask(lambda: clock.now < 0.01)
    elsewhere(breaks.take)
    assert clock.now == pytest.approx(0.01, abs=2 * breaks.STEP)


def test_work_goes_on_at_last_whatever_is_wanted(clock: Clock) -> None:
    breaks.ask(lambda: True)
    elsewhere(breaks.take)
    assert clock.now == pytest.approx(breaks.LONGEST, abs=2 * breaks.STEP)


def test_who_asked_never_waits_and_can_ask_no_more(clock: Clock) -> None:
    breaks.ask(lambda: True)
    breaks.take()
    breaks.ask(None)
    elsewhere(breaks.take)
    assert clock.now == 0


def test_a_loop_is_busy_unless_it_waits() -> None:
    """Asked from another thread: while a callback runs, and once the loop waits for the next."""
    loop = pauses.loop()
    watch: pauses.Watch = loop._selector  # type: ignore[attr-defined]
    seen: list[bool] = []
    waits = threading.Event()

    async def work() -> None:
        pauses.ask_for_breaks()
        with ThreadPoolExecutor(1) as threads:
            threads.submit(lambda: seen.append(watch.busy)).result()
        asked = asyncio.Event()

        def look() -> None:
            while watch.busy:
                waits.wait(0.001)
            seen.append(watch.busy)
            loop.call_soon_threadsafe(asked.set)

        thread = threading.Thread(target=look)
        thread.start()
        await asked.wait()
        thread.join()

    try:
        loop.run_until_complete(asyncio.wait_for(work(), 60))
    finally:
        breaks.ask(None)
        loop.close()
    assert seen == [True, False]


def test_garbage_waits_and_threads_hand_over() -> None:
    """In a process of its own: both hold for a whole process."""
    script = (
        "import gc, sys; from tui import pauses; pauses.shorten(); print(gc.get_threshold(), sys.getswitchinterval())"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert told.strip() == f"({pauses.YOUNG}, 20, {pauses.NEVER}) {pauses.HAND_OVER}"
