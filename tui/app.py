"""The app: paints first, opens the archive in a thread, and holds what every screen needs of it.

Nothing heavy is imported before the first frame: modules of ``tui`` import Textual and the standard library, and the
core inside the threads that use it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from textual import work
from textual.app import App, SystemCommand
from textual.events import AppBlur, Event, Key, Paste, Resize
from textual.reactive import reactive
from textual.screen import ModalScreen, Screen
from textual.worker import WorkerFailed

from tui import messages, pauses
from tui.commands import bindings, commands_for, places_of
from tui.crashes import record
from tui.display import disarm, one_line
from tui.incoming import NEWEST, Incoming
from tui.intake import IntakeState, Job
from tui.screens.chat import RECENT, ChatScreen
from tui.turns import Answerer
from tui.widgets.status import Standing, StatusLine
from tui.widgets.welcome import Welcome, questions_about

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.answers import Answer
    from qa.archive import Archive
    from qa.articles import Article
    from qa.config import Config
    from qa.sessions import Deleted, Sessions
    from tui.command import Place
    from tui.display import Mark
    from tui.keymap import Keymap

Wanted = TypeVar("Wanted")
HERE = Path(__file__).parent
NOTICED = 12.0
"""Seconds that a notice stands over a screen which covers the conversation."""


class NewsdeskApp(App[None]):
    """Newsdesk in a terminal.

    ``config`` may be a function, called in the thread that opens the archive, so that reading a configuration need
    not come before the first frame. ``mode`` and ``model``, those of ``Archive.stream``, say who answers at first. With
    ``debug``, errors that nobody foresaw are raised instead of logged.
    """

    CSS_PATH = [HERE / "app.tcss", HERE / "screens" / "chat.tcss"]  # noqa: RUF012 - Textual's declaration
    """With the conversation's: Textual loads no stylesheet of a default screen."""
    TITLE = "Newsdesk"
    BINDINGS = bindings("everywhere")

    standing: reactive[Standing] = reactive(Standing())
    intake: reactive[IntakeState] = reactive(IntakeState())

    def __init__(
        self,
        *,
        config: Config | Callable[[], Config],
        archive_path: Path | None = None,
        debug: bool = False,
        mode: str = "auto",
        model: str | None = None,
    ) -> None:
        super().__init__()
        self.chat = ChatScreen()
        self.archive: Archive | None = None
        self.answerer = Answerer(mode, model)
        self.incoming = Incoming(self)
        self._parent_process = os.getppid()
        self._config = config
        self._path = archive_path
        self._raising = debug
        self.deleted: list[Deleted] = []
        self._newest: Sequence[Article] = ()
        self._seeds = False
        self._mapped: Keymap | None = None
        self._warming = False
        self._keyed = 0.0
        self._typed: list[Key | Paste] | None = []

    def get_default_screen(self) -> Screen[None]:
        """The conversation."""
        return self.chat

    def on_mount(self) -> None:
        """Paint, then load. Behind a page, nobody is left once the server is gone, however it went."""
        if not callable(self._config):
            self._set_theme(self._config.ui.theme)
        if self.is_web:
            self.set_interval(2.0, lambda: None if os.getppid() == self._parent_process else self.exit())
        self.set_interval(pauses.EVERY, self._tidy)
        self.call_after_refresh(self._load)

    @property
    def typing(self) -> bool:
        """Whether a key was pressed within the last second."""
        return time.monotonic() - self._keyed < 1.0

    def _tidy(self) -> None:
        """Collect garbage while nobody would notice."""
        if time.monotonic() - self._keyed > pauses.QUIET and not any(turn.running for turn in self.chat.turns):
            pauses.collect()

    async def _load(self) -> None:
        """What was typed since the first frame is the prompt's, as soon as there is one."""
        self._open()
        await self.chat.complete_prompt()
        typed, self._typed = self._typed, None
        for event in typed or ():
            await self.on_event(event)
        self.call_later(self.chat.complete)

    @property
    def opened_archive(self) -> Archive:
        """The archive, where it is known to be open."""
        assert self.archive is not None
        return self.archive

    async def on_event(self, event: Event) -> None:
        """Whatever is pasted is disarmed here, before any widget has it.

        In a browser the driver begins by saying that the page lost the focus, which would take it from the prompt.
        """
        if isinstance(event, AppBlur) and self.is_web:
            return
        if isinstance(event, Paste):
            event.text = disarm(event.text)
        if isinstance(event, Key):
            self._keyed = time.monotonic()
        if self._typed is not None and isinstance(event, Key | Paste):
            self._typed.append(event)
        else:
            await super().on_event(event)

    # --- errors

    def notice(self, text: str) -> None:
        """Show an error in the status line; from any thread."""
        self.post_message(messages.Noticed(text))

    @contextmanager
    def guarded(self, doing: str, report: Callable[[str], object]) -> Iterator[None]:
        """Report whatever goes wrong in a worker, and log what nobody foresaw."""
        from qa.errors import NewsdeskError
        from qa.keys import redact

        try:
            yield
        except NewsdeskError as error:
            report(str(error))
        except Exception as error:
            if self._raising:
                raise
            folder = self.archive.path if self.archive is not None else self._path
            log = record(error, doing=doing, folder=folder)
            report(f"{doing}: {type(error).__name__}: {redact(str(error))}. The details are in {log}.")

    def _handle_exception(self, error: Exception) -> None:
        """What a worker met that nobody foresaw is said and logged, and the rest goes on; all else ends the app."""
        if isinstance(error, WorkerFailed) and not self._raising:
            self._survive(error.error if isinstance(error.error, Exception) else error)
        else:
            super()._handle_exception(error)

    def _survive(self, error: Exception) -> None:
        with self.guarded("working", self.notice):
            raise error

    def on_resize(self, event: Resize) -> None:
        """Where there is no room, say so; whatever is open comes back with the room."""
        from tui.screens.small import SmallScreen, is_small

        if is_small(event.size) != isinstance(self.screen, SmallScreen):
            if is_small(event.size):
                self.push_screen(SmallScreen())
            else:
                self.pop_screen()

    # --- the archive

    @work(thread=True, exclusive=True, group="archive")
    def _open(self) -> None:
        with self.guarded("opening the archive", lambda error: self.post_message(messages.ArchiveFailed(error))):
            self.post_message(messages.Loading("opening the archive"))
            from qa.archive import Archive

            config = self._config() if callable(self._config) else self._config
            archive = Archive.open(self._path, config=config)
            articles, pending = archive.catalog.counts()[0], archive.catalog.count_pending("vectors")
            newest = archive.articles(limit=NEWEST)
            self.archive = archive
            session, turns = self._last_session(config)
            self.post_message(messages.ArchiveOpened(archive, config, articles, pending, newest, session, turns))

    def _last_session(self, config: Config) -> tuple[int | None, Sequence[Answer]]:
        def last(kept: Sessions) -> tuple[int | None, Sequence[Answer]]:
            found = kept.recent(limit=1)
            return (found[0].id, kept.turns(found[0].id, last=RECENT)) if found else (None, ())

        with self.guarded("reading the conversations", self.notice):
            if config.ui.resume:
                return self.of_kept(last)
        return None, ()

    def _warm(self) -> None:
        if not self._warming:
            self._warming = True
            self.stand(loading="loading the models")
            self._load_models()

    @work(thread=True, exclusive=True, group="models")
    def _load_models(self) -> None:
        with self.guarded("loading the models", self.notice):
            self.opened_archive.warm(mode=self.answerer.mode, model=self.answerer.model)
        self.post_message(messages.ArchiveReady())

    def on_archive_opened(self, message: messages.ArchiveOpened) -> None:
        """The catalog is there: say what it holds, offer questions, resume.

        A question to an archive that is about to be filled waits for its first articles, and so do the models.
        """
        sources = message.config.sources
        self._newest = message.newest
        self._seeds = any(source.label.endswith("seeds") for source in sources)
        if callable(self._config):
            self._set_theme(message.config.ui.theme)
        self._set_keys(message.config)
        self.stand(articles=message.articles, loading="")
        self.answer_by(self.answerer)
        if message.config.warnings:
            self.notice(" ".join(message.config.warnings))
        self.incoming.jobs.pending = message.pending
        if sources:
            self.incoming.jobs.add(Job("sync"))
        if message.articles or not sources:
            self._warm()
        else:
            self.incoming.open()
        self.call_later(
            self.chat.opened,
            titles=[article.title for article in message.newest],
            seeds=self._seeds,
            filling=bool(sources),
            session=message.session,
            turns=message.turns,
        )

    def on_archive_failed(self, message: messages.ArchiveFailed) -> None:
        """Nothing can be asked: say why, where the conversation would be."""
        self.stand(loading="")
        self.chat.refuse(message.error)

    def on_archive_ready(self) -> None:
        """Answer what was asked meanwhile."""
        pauses.spare_what_is_loaded()
        pauses.ask_for_breaks()
        self.stand(loading="")
        self.call_later(self.chat.answerable)
        self.incoming.open()

    def on_loading(self, message: messages.Loading) -> None:
        """Say what is being loaded."""
        self.stand(loading=message.text)

    def on_noticed(self, message: messages.Noticed) -> None:
        """Show an error that leaves the rest usable: in the conversation's status line, and where that is covered."""
        self.stand(notice=message.text)
        if message.text and self.screen is not self.chat:
            self.screen.notify(one_line(message.text), severity="warning", timeout=NOTICED, markup=False)

    def _set_theme(self, name: str) -> None:
        if name in self.available_themes:
            self.theme = name
        else:
            self.notice(f"There is no theme {name!r}; there are: {', '.join(sorted(self.available_themes))}.")

    # --- settings

    @property
    def keymap(self) -> Keymap:
        """The keys in force."""
        if self._mapped is None:
            from tui.keymap import Keymap

            self._mapped = Keymap({})
        return self._mapped

    def _set_keys(self, config: Config) -> None:
        if config.keys or self._mapped is not None:
            from tui.keymap import Keymap

            self._mapped = Keymap(config.keys)
            self.set_keymap(self._mapped.keys)
            if self._mapped.problems:
                self.notice(f"{config.file or 'config'}: {'; '.join(self._mapped.problems)}.")

    def take(self, config: Config) -> None:
        """Let changed settings hold as far as they can at once."""
        self.opened_archive.config = config
        self._set_theme(config.ui.theme)
        self._set_keys(config)
        self.answer_by(self.answerer)

    def action_settings(self) -> None:
        """Every setting."""
        from tui.screens.settings import SettingsScreen

        if self.archive is None:
            self.screen.notify("The archive is not open yet.", markup=False)
        elif not isinstance(self.screen, (SettingsScreen, ModalScreen)):
            self.push_screen(SettingsScreen(self.archive.config))

    def action_choose_theme(self) -> None:
        """Other colours."""
        from tui.screens.themes import ThemesScreen

        if not isinstance(self.screen, ModalScreen):
            self.push_screen(ThemesScreen(), self._theme_chosen)

    def _theme_chosen(self, name: str | None) -> None:
        file = self.archive.config.file if self.archive is not None else None
        if name is None:
            return
        if file is None:
            self.notify("Until you leave: there is no config.toml to keep it in. F7 makes one.", markup=False)
        else:
            self._keep_theme(file, name)

    @work(thread=True, exclusive=True, group="settings")
    def _keep_theme(self, file: Path, name: str) -> None:
        with self.guarded("keeping the theme", self.notice):
            from qa.settings import save

            _, config = save(file, file.read_bytes().decode("utf-8-sig"), {("ui", "theme"): name})
            self.opened_archive.config = config

    def stand(self, **changes: object) -> None:
        """Change what the status line tells."""
        from dataclasses import replace

        self.standing = replace(self.standing, **changes)  # type: ignore[arg-type]

    def watch_standing(self, standing: Standing) -> None:
        """Only the conversation has a status line."""
        for line in self.chat.query(StatusLine):
            line.standing = standing

    # --- who answers

    def model_of(self, answerer: Answerer) -> str:
        """The name of the model that would answer, empty for none; what is wrong with it, the answer will say."""
        from qa.errors import NewsdeskError

        try:
            choice = self.opened_archive.chosen(answerer.mode, answerer.model)
        except NewsdeskError:
            return ""
        return (choice.model or choice.server) if choice is not None else ""

    def answer_by(self, answerer: Answerer) -> None:
        """Let it answer the questions from now on, and show where they go."""
        from qa.errors import NewsdeskError

        self.answerer = answerer
        self.chat.show_chips()
        try:
            choice = self.opened_archive.chosen(answerer.mode, answerer.model)
            self.stand(mode="extractive, quotes only" if choice is None else f"generated by {choice.shown}")
        except NewsdeskError as error:
            self.stand(mode="no model", notice=str(error))

    def action_choose_model(self) -> None:
        """Another model, or quotes alone."""
        from tui.screens.models import ModelsScreen

        if isinstance(self.screen, ModalScreen):
            return
        if self.archive is None:
            self.screen.notify("The archive is not open yet.", markup=False)
            return
        self.push_screen(ModelsScreen(self.archive, self.answerer), self._answerer_chosen)

    def _answerer_chosen(self, answerer: Answerer | None) -> None:
        if answerer is not None:
            self.answer_by(answerer)

    # --- articles in

    def on_intake_moved(self, message: messages.IntakeMoved) -> None:
        """Show how far it is."""
        self.incoming.moved(message.progress)

    async def on_articles_stored(self, message: messages.ArticlesStored) -> None:
        """Say what the archive holds now; with the first articles, it can be asked."""
        self.stand(articles=message.articles)
        self.chat.count_inside()
        if self._newest != message.newest:
            self._newest = message.newest
            for welcome in self.chat.query(Welcome):
                await self.welcome(welcome)
        self._warm()

    async def on_intake_ended(self, message: messages.IntakeEnded) -> None:
        """Show what came of it."""
        self.incoming.ended(message.job, message.report, message.error)
        if not self._newest:
            for welcome in self.chat.query(Welcome):
                await self.welcome(welcome)
        self._warm()

    def action_sync(self) -> None:
        """Bring the archive in step with its sources."""
        self.incoming.sync()

    def action_stop_intake(self) -> None:
        """End what is being taken in."""
        self.incoming.stop()

    # --- copying

    def copy(self, text: str, what: str) -> None:
        """Put ``text`` on the clipboard and say ``what`` was copied."""
        self.copy_to_clipboard(text)
        if not self.is_web and not self.is_headless:  # a page's terminal has the browser's clipboard
            self._copy_to_system(text)
        self.notify(f"Copied: {what}.", markup=False)

    @work(thread=True, exclusive=True, group="clipboard")
    def _copy_to_system(self, text: str) -> None:
        from tui.clipboard import copy_to_system

        with self.guarded("copying", self.notice):
            copy_to_system(text)

    def browse(self, article: Article) -> None:
        """Open an article's address in a browser; where that is on another machine, copy it."""
        from tui.browser import is_remote, web_address

        address = web_address(article.url)
        if not address:
            self.notify("This article has no address that a browser could open.", markup=False)
        elif self.is_web:
            self.open_url(address)
        elif is_remote():
            self.copy(address, f"{address}, since your browser is on another machine")
        else:
            self.notify(f"Opening {one_line(address)}", markup=False)
            self._browse(address)

    @work(thread=True, exclusive=True, group="browser")
    def _browse(self, address: str) -> None:
        with self.guarded("opening a browser", self.notice):
            from tui.browser import open_page

            if not open_page(address):
                self.call_from_thread(self.copy, address, f"{address}, since no browser could be opened here")

    # --- conversations

    def of_kept(self, wanted: Callable[[Sessions], Wanted]) -> Wanted:
        """What is ``wanted`` of the kept conversations; a damaged file is mended first. Raises NewsdeskError."""
        from qa.errors import ConversationsDamaged

        archive = self.opened_archive
        try:
            return wanted(archive.sessions)
        except ConversationsDamaged:
            if salvaged := archive.mend_sessions():
                self.notice(str(salvaged))
            return wanted(archive.sessions)

    @work(thread=True, exclusive=True, group="sessions")
    def open_conversation(self, session: int) -> None:
        """Read a conversation for the screen that is on top, which gets SessionOpened."""
        with self.guarded("opening the conversation", self.notice):
            turns = self.of_kept(lambda kept: kept.turns(session, last=RECENT))
            self.call_from_thread(self.screen.post_message, messages.SessionOpened(session, turns))

    # --- screens

    async def welcome(self, welcome: Welcome) -> None:
        """Fill an empty conversation with what is known of the archive."""
        if self.archive is not None:
            titles = [article.title for article in self._newest]
            filling = self.incoming.jobs.running is not None
            await welcome.offer(questions_about(titles, seeds=self._seeds), empty=not titles, filling=filling)

    def read(self, article: Article, marks: Sequence[Mark], why: str = "") -> None:
        """Open an article; ``why``: why it was found."""
        from tui.screens.reader import ReaderScreen

        self.push_screen(ReaderScreen(article, marks, why))

    def _show(self, kind: type[Screen[None]]) -> None:
        """Open a screen once; a question that waits for its answer is not covered."""
        if not isinstance(self.screen, (kind, ModalScreen)):
            self.push_screen(kind())

    async def action_quit(self) -> None:
        """Leave; what nobody would take up again is said first."""
        from tui.screens.confirm import ConfirmScreen

        jobs = self.incoming.jobs.unfinished
        if not jobs or isinstance(self.screen, ConfirmScreen):  # whoever asks twice means it
            self.exit()
            return
        left = "; ".join(job.doing for job in jobs)
        self.push_screen(ConfirmScreen(f"Not done yet: {left}. Leave all the same?"), self._leave)

    def _leave(self, sure: bool | None) -> None:
        if sure:
            self.exit()

    def action_help(self) -> None:
        """Every key."""
        from tui.screens.help import HelpScreen

        if not isinstance(self.screen, (HelpScreen, ModalScreen)):
            self.push_screen(HelpScreen(*places_of(self.screen), getattr(self.screen, "PLACE", "everywhere")))

    def action_articles(self) -> None:
        """The articles."""
        from tui.screens.articles import ArticlesScreen

        self._show(ArticlesScreen)

    def action_conversations(self) -> None:
        """Earlier conversations."""
        from tui.screens.conversations import ConversationsScreen

        self._show(ConversationsScreen)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The palette: the registry's actions for the screen and for what has the focus there."""
        nodes = {each.binding.id: each.node for each in screen.active_bindings.values()}
        place: Place = getattr(screen, "PLACE", "everywhere")
        for command in commands_for("everywhere", place, *places_of(screen)):
            if command.action != "command_palette":
                target = nodes.get(command.id, self if command.place == "everywhere" else screen)
                run = partial(self.run_action, command.default_action, target)
                keys = self.keymap.text(command)
                yield SystemCommand(f"{command.name} ({keys})" if keys else command.name, command.help, run)
