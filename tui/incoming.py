"""The jobs of ``tui.intake`` done in a worker, with what they say brought to the screens."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.worker import get_current_worker

from tui import messages
from tui.display import count, home_short
from tui.intake import EMBED, IntakeState, Job, Jobs, Removed, outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.intake import IngestReport, Progress
    from tui.app import NewsdeskApp

NEWEST = 3
"""Articles that sample questions are made from."""
NO_SOURCES = "No sources are configured. Add [[sources]] with a path, glob, feed or url to {file}, then start again."


class Incoming:
    """What the app does to take articles in. Nothing begins before ``open``: the models load first where they can."""

    def __init__(self, app: NewsdeskApp) -> None:
        self.app = app
        self.jobs = Jobs()
        self._open = False

    # --- what is asked for

    def open(self) -> None:
        """Begin with what waits."""
        self._open = True
        self._go_on()

    def add(self, source: str) -> None:
        """Take in a file, a folder or an address, after whatever is being read now."""
        self._ask(Job("add", source, asked=True), "It is added as soon as the archive is free.")

    def retry(self, document: str = "") -> None:
        """Read a document that failed again, or all of them."""
        self._ask(Job("retry", document, asked=True), "It is tried again as soon as the archive is free.")

    def remove(self, articles: Sequence[str]) -> None:
        """Delete articles, by their ids, after whatever is being read now."""
        job = Job("remove", articles=tuple(articles), asked=True)
        self._ask(job, f"{count(len(job.articles), 'article')} will be removed after what is being done.")

    def sync(self, source: str = "") -> None:
        """Bring the archive in step with the configured sources, or with the one of this name."""
        if self.app.archive is None:
            self.app.notify("The archive is not open yet.", severity="warning", markup=False)
        elif not self.app.archive.config.sources:
            file = self.app.archive.config.file
            text = NO_SOURCES.format(file=home_short(file) if file is not None else "config.toml")
            self.app.notify(text, severity="warning", timeout=10, markup=False)
        else:
            self._ask(Job("sync", source, asked=True), "The sources are synced as soon as the archive is free.")

    def stop(self) -> None:
        """End what runs at its next step; the end says what came of it."""
        stopping, dropped = self.jobs.stop()
        if stopping:
            self._show(replace(self.app.intake, stopping=True))
        if dropped:
            told = "; ".join(job.doing for job in dropped)
            self.app.notify(f"Not begun any more: {told}.", severity="warning", timeout=10, markup=False)
        elif not stopping:
            self.app.notify("Nothing is being added, synced or embedded.", markup=False)

    def _ask(self, job: Job, when_busy: str) -> None:
        self.jobs.add(job)
        if not self._open or self.jobs.running not in (None, EMBED):
            self.app.notify(when_busy, markup=False)
        self._go_on()

    def _go_on(self) -> None:
        job = self.jobs.begin() if self._open else None
        state = replace(self.app.intake, then="; ".join(each.doing for each in self.jobs.waiting))
        if job is not None and job.asked:
            self.app.stand(notice="")
            kept = state.report if job.kind == "remove" else None
            state = replace(state, running=job.doing, report=kept, error="")
        self._show(state)
        if job is not None:
            self.app.run_worker(partial(self._take_in, job), thread=True, exclusive=True, group="intake")

    # --- in the worker's thread

    def _take_in(self, job: Job) -> None:
        """Do a job and tell how it goes. What is stored so far stays, however it ends."""
        app = self.app
        with app.guarded(job.doing, lambda error: app.post_message(messages.IntakeEnded(job, error=error))):
            from qa.intake import Cancelled

            worker, archive = get_current_worker(), app.opened_archive
            empty = not archive.catalog.counts()[0]

            def moved(progress: Progress) -> None:
                nonlocal empty
                if worker.is_cancelled or self.jobs.must_end(job):
                    raise Cancelled
                if empty and archive.catalog.counts()[0]:
                    empty = False
                    self._tell_stored()
                app.post_message(messages.IntakeMoved(progress))

            report = job.run(archive, moved)
            if not job.asked and not isinstance(report, Removed) and report.failed:
                known = {each.document for each in archive.failures()}  # without those that somebody dismissed
                report = replace(report, failed=tuple(each for each in report.failed if each.document in known))
            if not worker.is_cancelled:
                if job is not EMBED:
                    self._tell_stored()
                app.post_message(messages.IntakeEnded(job, report))

    def _tell_stored(self) -> None:
        archive = self.app.opened_archive
        self.app.post_message(messages.ArticlesStored(archive.catalog.counts()[0], archive.articles(limit=NEWEST)))

    # --- what comes of it

    def moved(self, progress: Progress) -> None:
        """Show how far it is."""
        if self.jobs.running is not None:
            self._show(replace(self.app.intake, progress=progress))

    def ended(self, job: Job, report: IngestReport | Removed | None, error: str) -> None:
        """Show what came of a job, and go on with the next. A sync at the start that went well is not worth a word."""
        stopped = self.jobs.end(report)
        if error and job.kind == "remove":
            error = f"Not removed: {count(len(job.articles), 'article')}. {error}"
        self._show(self._state(job, report, error))
        if error and self._is_shown:
            self.app.stand(notice=error)
        elif error:
            self.app.notice(error)
        elif report is not None:
            self._tell_outcome(job, report, stopped=stopped)
        self._go_on()

    @property
    def _is_shown(self) -> bool:
        """Whether somebody looks at the list of articles, which says what came of a job."""
        return getattr(self.app.screen, "PLACE", "") == "articles"

    def _show(self, state: IntakeState) -> None:
        self.app.intake = state
        self.app.stand(intake=state.doing)

    def _state(self, job: Job, report: IngestReport | Removed | None, error: str) -> IntakeState:
        state = replace(self.app.intake, running="", progress=None, stopping=False)
        if job.kind == "remove":
            return replace(state, error=error, read=state.read + 1)
        assert not isinstance(report, Removed)
        if job is not EMBED:
            worth = job.asked or (report is not None and report.failed)
            return IntakeState(report=report if worth else None, error=error if worth else "", read=state.read + 1)
        if state.report is not None and report is not None:
            return replace(state, report=replace(state.report, pending=report.pending))
        return state

    def _tell_outcome(self, job: Job, report: IngestReport | Removed, *, stopped: bool) -> None:
        if isinstance(report, Removed):
            self.app.notify(outcome(job, report, stopped=stopped), markup=False)
        elif job.asked or stopped:
            if stopped or not (job.asked and self._is_shown):
                text = outcome(job, report, stopped=stopped)
                self.app.notify(text, severity="warning" if report.failed else "information", markup=False)
        elif report.failed and job is not EMBED:
            failed = count(len(report.failed), "document")
            self.app.stand(notice=f"{failed} of the sources could not be read; F2, then s, says why.")
