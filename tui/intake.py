"""What is to be taken in, one job at a time, and how that stands for every screen that shows it.

What was read can be asked about at once, so reading comes first; the embedding of what is pending is a job of its own,
which yields to whatever somebody asks for meanwhile and is taken up again after it.
"""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tui.display import count, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.archive import Archive
    from qa.intake import IngestReport, OnProgress, Progress


@dataclass(frozen=True, slots=True)
class Removed:
    """What came of a removal: how many articles are gone, and how many passages the vectors are not in step with."""

    articles: int
    pending: int
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A sync, the adding of ``source`` (a path or an address), the removal of ``articles`` (ids), or the embedding.

    ``source`` of a sync: the only configured source that is synced, by its name; of a retry: the only failed document
    that is tried again; empty for all. ``asked``: somebody waits to be told what came of it.
    """

    kind: Literal["sync", "add", "retry", "remove", "embed"]
    source: str = ""
    articles: tuple[str, ...] = ()
    asked: bool = False

    @property
    def doing(self) -> str:
        """What is done, in words."""
        name = one_line(self.source)
        return {
            "sync": f"syncing {name or 'the sources'}",
            "add": f"adding {name}",
            "retry": f"trying {name or 'what failed'} again",
            "remove": f"removing {count(len(self.articles), 'article')}",
            "embed": "embedding",
        }[self.kind]

    @property
    def can_be_stopped(self) -> bool:
        """Whether F8 ends it: a removal was asked for twice, and is done."""
        return self.kind != "remove"

    def run(self, archive: Archive, progress: OnProgress) -> IngestReport | Removed:
        """Do it, in a worker's thread."""
        if self.kind == "embed":
            return archive.embed(progress=progress)
        if self.kind == "sync":
            return archive.sync([self.source] if self.source else (), embed=False, progress=progress)
        if self.kind == "retry":
            return archive.retry([self.source] if self.source else (), embed=False, progress=progress)
        if self.kind == "remove":
            removed = archive.remove(self.articles, embed=False)
            return Removed(removed, archive.catalog.count_pending("vectors") + archive.catalog.count_discarded())
        return archive.ingest([named(self.source)], embed=False, progress=progress)


EMBED = Job("embed")


class Jobs:
    """The jobs in their order. Only the thread of the UI changes them; a worker asks ``must_end``."""

    def __init__(self) -> None:
        self.running: Job | None = None
        self.pending = 0
        self._waiting: deque[Job] = deque()
        self._stopped = False

    def add(self, job: Job) -> None:
        """Do this after what was asked for before; what waits already is not done twice."""
        if job not in self._waiting:
            self._waiting.append(job)

    def begin(self) -> Job | None:
        """The job to be done now; None while another runs, or if there is none."""
        if self.running is not None:
            return None
        self._stopped = False
        self.running = self._waiting.popleft() if self._waiting else EMBED if self.pending else None
        return self.running

    @property
    def waiting(self) -> Sequence[Job]:
        """What is to be done after the running job."""
        return tuple(self._waiting)

    @property
    def unfinished(self) -> Sequence[Job]:
        """What nobody takes up again if the app is left now: what was added or removed by hand."""
        jobs = (*filter(None, (self.running,)), *self._waiting)
        return tuple(job for job in jobs if job.kind in ("add", "remove"))

    def end(self, report: IngestReport | Removed | None) -> bool:
        """The running job is over, without a ``report`` if it failed; gives whether somebody stopped it."""
        job, self.running = self.running, None
        over = report is None or self._stopped or (job is EMBED and not report.cancelled)
        self.pending = 0 if report is None or over else report.pending
        return self._stopped

    def stop(self) -> tuple[bool, Sequence[Job]]:
        """End the running job at its next step, and drop what waits but for removals.

        Gives whether anything is being ended, and what was dropped.
        """
        dropped = tuple(job for job in self._waiting if job.can_be_stopped)
        self._waiting = deque(job for job in self._waiting if not job.can_be_stopped)
        self._stopped = self.running is not None and self.running.can_be_stopped
        return self._stopped, dropped

    def must_end(self, job: Job) -> bool:
        """Whether a running job is to end at its next step."""
        return self._stopped or (job is EMBED and bool(self._waiting))


@dataclass(frozen=True, slots=True)
class IntakeState:
    """``progress`` while something is taken in; ``report`` or ``error`` of the last reading that is worth a word.

    ``running``: what was asked for and is being done; ``then``: what is to be done after it. ``stopping``: it ends at
    its next step, which may be some seconds away. ``read`` counts what has ended: a list of articles that was made
    before is out of date.
    """

    running: str = ""
    then: str = ""
    progress: Progress | None = None
    report: IngestReport | None = None
    error: str = ""
    stopping: bool = False
    read: int = 0

    @property
    def doing(self) -> str:
        """What goes on now, in words; empty for nothing."""
        if self.stopping:
            return "stopping"
        return progress_text(self.progress) if self.progress is not None else self.running


def named(source: str) -> str:
    """What somebody typed as the core takes it: an address as it is, anything else as the path of a file."""
    from qa.sources import is_address

    return source if is_address(source) else os.path.abspath(os.path.expanduser(source))  # noqa: PTH100


def progress_text(progress: Progress) -> str:
    """``embedding 1,200 of 30,000 passages, 85/s, 6 min 2 s left``; there is no pace before the first are done."""
    if progress.stage == "embedding" and not progress.done:
        return f"embedding {count(progress.total, 'passage')}"
    return f"{progress.stage} {progress.pace}"


def counts_text(report: IngestReport) -> str:
    """``3 added · 1 updated · 40 unchanged · 2 gone · 0 failed``."""
    return (
        f"{report.added:,} added · {report.updated:,} updated · {report.unchanged:,} unchanged · "
        f"{report.gone:,} gone · {len(report.failed):,} failed"
    )


def outcome(job: Job, report: IngestReport | Removed, *, stopped: bool) -> str:
    """What came of a job, for somebody who waits for it."""
    if isinstance(report, Removed):
        return f"{count(report.articles, 'article')} removed."
    if job is EMBED:
        words_only = f"{count(report.pending, 'passage')} can be found by words only until embedded"
        return f"Stopped; what was embedded stays. {words_only}; F4 goes on." if stopped else ""
    counts = counts_text(report)
    if stopped:
        again = "F4 goes on" if job.kind == "sync" else "adding it again goes on"
        return f"Stopped; what was stored stays, and {again}. {counts}"
    synced = f"{one_line(job.source)} is in step" if job.source else "The sources are in step"
    done = {"sync": synced, "retry": "Tried again"}.get(job.kind, "Articles added")
    why = "; F2, then s, says why" if report.failed else ""
    return f"{done}: {counts}{why}"
