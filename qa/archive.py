"""``Archive``: articles in, passages and answers out. The one object that holds the parts together.

One process writes at a time (``writing``), any number read. The catalog is written first; the word index, then the
vectors follow from what it says is pending, so that whatever is interrupted is taken up again by the next writer.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from qa import lock
from qa.articles import Article, instant
from qa.catalog import INDEXES, Catalog, Copy, Index, Revision
from qa.config import Config, load
from qa.errors import (
    ArchiveBusy,
    ArchiveError,
    ArchiveMissing,
    ConfigError,
    ModelMismatch,
    NewsdeskError,
    UsageError,
)
from qa.failures import FailedDocument, Failures
from qa.models import Choice, choose
from qa.names import Names
from qa.places import Places
from qa.questions import Question, Turn, What, When, parse_when, understand
from qa.readers.documents import source_of
from qa.sources import Listing, list_given, list_source

if TYPE_CHECKING:
    from qa.answering import Answering
    from qa.answers import Answer, Citation, Event, FactCheck, Sentence
    from qa.browsing import Browsing, Order
    from qa.embedders import Embedder
    from qa.entailment import Judge
    from qa.intake import IngestReport, OnProgress
    from qa.passages import Passage, Searcher
    from qa.salvage import Salvaged
    from qa.sessions import Sessions
    from qa.vectors import VectorIndex
    from qa.words import WordIndex

VECTORS_PAUSE = 5.0
"""Seconds between two reopenings of the vectors while another process writes them."""
SIMILAR = 12
"""Passages that stand for an article where others like it are sought; neighbours that are read for each of these."""
REBUILDING = "(rebuilding)"
FOLDERS: dict[Index, str] = {"words": "words", "vectors": "chroma"}
Part = TypeVar("Part")


class _Part(cached_property[Part]):
    """A part that loads when it is first asked for, once, whichever thread asks."""

    def __get__(self, archive: Any, owner: type[Any] | None = None) -> Part:  # type: ignore[override]
        with archive._lock:  # noqa: SLF001
            part: Part = super().__get__(archive, owner)
            return part


@dataclass(frozen=True, slots=True)
class Status:
    """What has become of an article since it was cited.

    ``now`` is the article as it is (None: removed), ``gone`` since when (UTC) its source no longer has it.
    """

    state: Literal["current", "changed", "removed"]
    now: Article | None = None
    gone: datetime | None = None


class Archive:
    """An archive of articles in one folder. Use ``Archive.open``; a ``with`` block closes it."""

    def __init__(self, path: Path, config: Config) -> None:
        self.path = path
        self.config = config
        self._lock = threading.RLock()
        self.catalog = Catalog(path / "catalog.db")
        self._writes = False
        self._generations = self._current()
        self._reopened = float("-inf")

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str] | None = None,
        *,
        config: Config | str | os.PathLike[str] | None = None,
        create: bool = True,
    ) -> Archive:
        """Open the archive in the folder ``path`` (None: the configured one), creating it unless ``create=False``.

        ``config``: a Config, or the path of a config.toml; None for the defaults. Nothing but the catalog is
        opened yet; indexes and models load when first needed. Raises ArchiveMissing, ArchiveError, ConfigError.
        """
        settings = config if isinstance(config, Config) else load(config)
        if path is not None and not os.fspath(path):
            raise UsageError("The archive's path is empty; name a folder.")
        folder = Path(os.path.expanduser(path)) if path is not None else settings.archive_path
        if not (folder / "catalog.db").is_file():
            if not create:
                raise ArchiveMissing(f"{folder}: no archive there. 'newsdesk ingest SOURCE...' makes one.")
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise ArchiveError(f"{folder}: cannot be made an archive ({error.strerror}).") from error
        return cls(folder, settings)

    def close(self) -> None:
        """Let go of files and threads. Nothing is lost: every change was stored when it was made."""
        with self._lock:
            if "vectors" in self.__dict__:
                self.vectors.close()
            if "sessions" in self.__dict__:
                self.sessions.close()
            self.catalog.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- the parts, each loaded when first asked for

    @_Part
    def embedder(self) -> Embedder:
        """The configured embedding model."""
        from qa.embedders import make_embedder

        return make_embedder(self.config)

    @_Part
    def words(self) -> WordIndex:
        """The word index."""
        from qa.words import WordIndex

        return WordIndex(self.path / FOLDERS["words"])

    @_Part
    def vectors(self) -> VectorIndex:
        """The vectors."""
        from qa.vectors import VectorIndex

        return VectorIndex(self.path / FOLDERS["vectors"], self.config.vectors)

    @_Part
    def sessions(self) -> Sessions:
        """The conversations kept beside the articles."""
        from qa.sessions import Sessions

        return Sessions(self.path / "sessions.db")

    def mend_sessions(self) -> Salvaged | None:
        """Put a new file in the place of a damaged one of conversations; None where nothing is wrong with it.

        The damaged one is kept beside it, and what can be read is brought over. Raises ArchiveError.
        """
        from qa.salvage import salvage

        with self._lock:
            opened = self.__dict__.get("sessions")
            try:
                with opened.closed() if opened is not None else nullcontext():
                    return salvage(self.path / "sessions.db")
            except NewsdeskError:
                self.__dict__.pop("sessions", None)  # it is closed; whoever asks next opens it again
                raise

    @_Part
    def judge(self) -> Judge | None:
        """The entailment model that judges what a language model writes; None where none is configured."""
        from qa.entailment import make_judge

        return make_judge(self.config.verification)

    @_Part
    def _answering(self) -> Answering:
        from qa.answering import Answering

        return Answering(self)

    @_Part
    def _names(self) -> Names:
        return Names(self.catalog)

    @_Part
    def _searcher(self) -> Searcher:
        from qa.passages import Searcher
        from qa.rerankers import make_reranker

        reranker = make_reranker(self.config)
        return Searcher(self.catalog, self.words, self.vectors, self.embedder, self.config, reranker)

    def warm(self, *, mode: str = "auto", model: str | None = None) -> None:
        """Load everything that a question needs, so that the first one is answered as fast as the next.

        ``mode`` and ``model`` are those of ``ask``.
        """
        with self._lock:
            self.check_model()
            self._searcher.embedder.embed_query("warm")
        if (choice := self.chosen(mode, model)) is not None:
            self._answering.model(choice).warm()
            self._answering.verifier.verify("It is warm.", ["It is warm today."])

    # --- articles in

    def ingest(
        self,
        sources: Sequence[str | os.PathLike[str]],
        *,
        outlet: str = "",
        language: str = "",
        embed: bool = True,
        progress: OnProgress | None = None,
    ) -> IngestReport:
        """Take in files, folders, addresses (of pages, feeds, lists of feeds) and ``-``, standard input.

        ``outlet`` and ``language`` stand in where an article names none. Without ``embed``, what is new can be found
        by its words only, until ``embed`` or the next ingest makes its vectors. ``progress`` is told how far it is,
        and may raise Cancelled to end at the next batch. What cannot be read is in the report and costs only itself.

        Raises UsageError without sources, ArchiveBusy while another process writes, ModelMismatch, ModelError.
        """
        if isinstance(sources, (str, os.PathLike)):
            sources = (sources,)
        if not sources or not all(os.fspath(source) for source in sources):
            raise UsageError("Nothing to ingest: name at least one file, folder or address; an empty name is none.")
        listings = [list_given(source, outlet=outlet, language=language) for source in sources]
        return self._take_in(listings, embed=embed, progress=progress)

    def sync(
        self, names: Sequence[str] = (), *, embed: bool = True, progress: OnProgress | None = None
    ) -> IngestReport:
        """Bring the archive in step with the configured sources, or those of these ``names``.

        New and changed articles come in; what vanished from a source is marked as gone, not deleted; what was
        interrupted is finished. The other arguments and errors are those of ``ingest``.
        """
        chosen = [source for source in self.config.sources if not names or source.label in names]
        unknown = set(names) - {source.label for source in chosen}
        if unknown:
            there = ", ".join(source.label for source in self.config.sources) or "none"
            raise UsageError(f"No source is called {', '.join(sorted(unknown))}. Configured are: {there}.")
        return self._take_in([list_source(source) for source in chosen], embed=embed, progress=progress)

    def failures(self) -> list[FailedDocument]:
        """The documents that could not be read when they were last tried, but for those that somebody dismissed."""
        return Failures(self.catalog).all()

    def dismiss(self, documents: Sequence[str]) -> None:
        """Leave documents out of ``failures`` until something else fails in them."""
        Failures(self.catalog).dismiss(documents)

    def retry(
        self, documents: Sequence[str] = (), *, embed: bool = True, progress: OnProgress | None = None
    ) -> IngestReport:
        """Read again what stands in ``failures``, or these documents of it, each as its source has it.

        The other arguments and errors are those of ``ingest``.
        """
        sources = {source.label: source for source in self.config.sources}
        listings = []
        for failed in self.failures():
            if not documents or failed.document in documents:
                source = sources.get(failed.source)
                outlet, language = (source.outlet, source.language) if source is not None else ("", "")
                listings.append(list_given(failed.document, outlet=outlet, language=language))
        return self._take_in(listings, embed=embed, progress=progress)

    def embed(self, *, progress: OnProgress | None = None) -> IngestReport:
        """Make the vectors that are missing; nothing is read."""
        return self._take_in([], embed=True, progress=progress)

    def reindex(self, *, progress: OnProgress | None = None) -> IngestReport:
        """Cut, index and embed every article again, with the model and the settings of now."""
        from qa.intake import Intake

        with self.writing("reindex"):
            intake = Intake(self, progress)
            name = self.embedder.name
            self.catalog.set_meta("model", REBUILDING)
            intake.rechunk()
            for index in INDEXES:
                self.empty_index(index)
            self.catalog.set_meta("model", name)
            return intake.run([])

    def empty_index(self, index: Index) -> None:
        """Begin an index anew, whatever state its files are in; everything is pending for it afterwards."""
        with self._lock:
            part = self.__dict__.pop(index, None)
            self.__dict__.pop("_searcher", None)
            if index == "vectors" and self.config.vectors.url:
                self.vectors.clear()
            else:
                if index == "vectors" and part is not None:
                    part.close()
                shutil.rmtree(self.path / FOLDERS[index], ignore_errors=True)
        self.catalog.forget_index(index)

    def matching(self, names: Sequence[str] = (), *, outlet: str | None = None, before: When = None) -> list[Article]:
        """The articles that ``remove`` would be asked to delete: by id, address or path, of an outlet, of a time.

        ``names``: ids, addresses, files and folders that articles were read from. ``outlet``: all of this outlet.
        ``before``: published before this day or moment. What is given narrows together. Raises UsageError for a name
        that nothing goes by.
        """
        if not names and outlet is None and before is None:
            raise UsageError("Nothing to remove: name articles, an outlet or a date.")
        places = Places(self.catalog)
        ids: dict[str, None] = {}
        for name in names:
            found = self.catalog.ids_of(name) or places.at([name, source_of(Path(os.path.expanduser(name)))])
            if not found:
                raise UsageError(f"No article goes by {name!r}: expected an id, an address, or a file or folder.")
            ids.update(dict.fromkeys(found))
        moment = parse_when(before, "before")
        latest = None if moment is None else instant(moment)
        return self.catalog.chosen(list(ids) if names else None, outlet=outlet, before=latest)

    def remove(
        self, articles: Sequence[Article | str], *, embed: bool = True, progress: OnProgress | None = None
    ) -> int:
        """Delete articles (or ids) with their revisions; gives how many. Conversations keep what they cite.

        A sync does not bring them back; an ingest that names them does. What an earlier run left to be embedded is
        embedded now, or, without ``embed``, at the next occasion.
        """
        from qa.intake import Intake

        ids = [each if isinstance(each, str) else each.id for each in articles]
        with self.writing("remove"):
            before = self.catalog.counts()[0]
            self.catalog.remove(ids)
            Intake(self, progress).run([], embed=embed)
            return before - self.catalog.counts()[0]

    @contextmanager
    def writing(self, what: str) -> Iterator[None]:
        """Hold the archive for writing. Raises ArchiveBusy, which names the holder."""
        with lock.writing(self.path, what):
            with self._lock:
                self._reopened = float("-inf")
                self._catch_up()
                self._writes = True
            try:
                yield
            finally:
                self._generations = self._current()
                self._writes = False

    def _take_in(self, listings: Sequence[Listing], *, embed: bool, progress: OnProgress | None) -> IngestReport:
        from qa.embedders import model_name
        from qa.intake import Intake

        with self.writing("ingest"):
            if self.catalog.get_meta("model") is None:
                self.catalog.set_meta("model", model_name(self.config.embedding))
            self.check_model()
            return Intake(self, progress).run(listings, embed=embed)

    def check_model(self) -> None:
        """Raise ModelMismatch unless the vectors were made by the model that is configured."""
        from qa.embedders import model_name

        made, configured = self.catalog.get_meta("model"), model_name(self.config.embedding)
        if made == REBUILDING and (self.path / "writer").is_file():
            raise ArchiveBusy(
                f"{self.path}: {lock.holder(self.path)} is rebuilding the indexes. Try again when it is done."
            )
        if made == REBUILDING:
            raise ModelMismatch(f"{self.path}: a reindex was interrupted. Run 'newsdesk reindex' to finish it.")
        if made not in (None, configured):
            raise ModelMismatch(
                f"{self.path}: its vectors were made by {made}, but {configured} is configured. Set [embedding] back, "
                "or run 'newsdesk reindex' to make them anew."
            )

    # --- questions

    def search(
        self,
        question: str,
        *,
        limit: int | None = None,
        now: When = None,
        since: When = None,
        until: When = None,
        outlets: Sequence[str] = (),
        articles: Sequence[str] = (),
        turns: Sequence[Turn] = (),
        infer: Collection[What] | bool = True,
    ) -> list[Passage]:
        """The passages that may answer ``question``, best first.

        ``limit``: 1 to 100, None for the configured number. ``now``: the moment of asking, from which age counts;
        if given, nothing published later is found. ``since``, ``until``: first and last day or moment of
        publication. ``outlets``: only these. ``articles``: only those with these ids. Dates as ``date``, ``datetime``
        or ISO 8601 text. ``turns`` and ``infer`` are those of ``ask``. Raises UsageError, ModelMismatch, ModelError,
        IndexUnavailable.
        """
        asked = self.understand(
            question, now=now, since=since, until=until, outlets=outlets, articles=articles, turns=turns, infer=infer
        )
        return self.find(asked, self._limit(limit))

    def find(self, question: Question, limit: int) -> list[Passage]:
        """The passages for a question that ``understand`` gave, best first. Raises what ``search`` raises."""
        if not self.catalog.counts()[1]:
            return []
        with self._lock:
            self.check_model()
            self._catch_up()
            return self._searcher.search(question, limit)

    def _current(self) -> dict[str, int]:
        return {"words": self.catalog.generation("words"), "vectors": self.catalog.generation("vectors")}

    def _catch_up(self) -> None:
        """Reopen each index that another process has written to since it was read.

        Reopening the vectors costs as much as many searches, and a writer that embeds commits every few seconds, so
        they wait for ``VECTORS_PAUSE``; new articles are found by their words meanwhile.
        """
        if self._writes:
            return
        now, known = self._current(), self._generations
        if now["words"] != known["words"] and "words" in self.__dict__:
            self.words.reload()
        if now["vectors"] != known["vectors"] and "vectors" in self.__dict__:
            if time.monotonic() - self._reopened < VECTORS_PAUSE:
                now["vectors"] = known["vectors"]
            else:
                self.vectors.reload()
                self._reopened = time.monotonic()
        self._generations = now

    def understand(
        self,
        question: str,
        *,
        now: When = None,
        since: When = None,
        until: When = None,
        outlets: Sequence[str] = (),
        articles: Sequence[str] = (),
        turns: Sequence[Turn] = (),
        infer: Collection[What] | bool = True,
        rewritten: str = "",
    ) -> Question:
        """The question as it will be searched: the arguments of ``ask``.

        An outlet that is set may differ in case; one that no article is by is an error, as is an id that none has.
        ``rewritten``: the question
        made to stand alone by somebody else, in the place of what is read out of ``turns``.
        """
        known = self._names.known()
        given = (outlets,) if isinstance(outlets, str) else tuple(outlets)
        names = {name.casefold(): name for name in known.outlets}
        for name in given:
            if name.casefold() not in names:
                there = ", ".join(known.outlets) or "none"
                raise UsageError(f"No article is by the outlet {name!r}. Outlets here: {there[:400]}.")
        chosen = tuple(names[name.casefold()] for name in given)
        return understand(
            question,
            now=now,
            since=since,
            until=until,
            outlets=chosen,
            articles=self._known(articles),
            known=known,
            turns=turns,
            infer=infer,
            rewritten=rewritten,
        )

    def _known(self, ids: Sequence[str]) -> tuple[str, ...]:
        given = (ids,) if isinstance(ids, str) else tuple(ids)
        for name in given:
            if self.catalog.article(name) is None:
                raise UsageError(f"No article has the id {name!r}. 'newsdesk articles --json' lists the ids.")
        return given

    def ask(
        self,
        question: str,
        *,
        now: When = None,
        since: When = None,
        until: When = None,
        outlets: Sequence[str] = (),
        articles: Sequence[str] = (),
        turns: Sequence[Turn] = (),
        infer: Collection[What] | bool = True,
        limit: int | None = None,
        mode: str = "auto",
        model: str | None = None,
    ) -> Answer:
        """The answer to ``question``, with its citations; the arguments of ``search`` apply.

        ``mode``: ``extractive`` quotes, ``generated`` lets the configured model write, ``auto`` generates where a
        model is configured. ``model``: another model of the configured server than the configured one. Evidence that is
        too thin gives an answer with ``abstained`` set, no error.
        ``turns``: the conversation so far, the oldest first; a question that leans on it ("And in Syria?") is made to
        stand alone, by the model where there is one. ``infer``: what may be read out of the words as a limit or a
        weight, beside those that are set: any of ``What`` ("window", "outlet" ...), True for everything, False for
        nothing.
        Raises what ``search`` raises; with a model, ModelError (its ``answer`` attribute keeps what came before).
        """
        options = {"now": now, "since": since, "until": until, "outlets": outlets, "articles": articles}
        return _last(self.stream(question, **options, turns=turns, infer=infer, limit=limit, mode=mode, model=model))  # type: ignore[arg-type]

    def stream(
        self,
        question: str,
        *,
        now: When = None,
        since: When = None,
        until: When = None,
        outlets: Sequence[str] = (),
        articles: Sequence[str] = (),
        turns: Sequence[Turn] = (),
        infer: Collection[What] | bool = True,
        limit: int | None = None,
        mode: str = "auto",
        model: str | None = None,
        stop: threading.Event | None = None,
    ) -> Generator[Event, None, None]:
        """The same as it happens: Searching, Found, any number of Text, Checked and Working, then Finished or Failed.

        Once ``stop`` is set, it ends with a Finished that keeps what had come, ``incomplete``; closing the iterator
        ends it without. A wrong argument raises at once; what fails later is a Failed.
        """
        choice = self.chosen(mode, model)
        understood = partial(
            self.understand,
            question,
            now=now,
            since=since,
            until=until,
            outlets=outlets,
            articles=articles,
            turns=turns,
            infer=infer,
        )
        asked = understood()
        leans = infer is True or (not isinstance(infer, bool) and "follow-up" in infer)
        return self._answering.events(
            asked,
            self._limit(limit),
            choice,
            turns=turns if leans else (),
            understand=lambda words: understood(rewritten=words),
            stop=stop or threading.Event(),
        )

    def revise(
        self, answer: Answer, how: str, *, model: str | None = None, stop: threading.Event | None = None
    ) -> Generator[Event, None, None]:
        """An answer written anew by the model, ``how`` ("shorter", "in French"), from the same passages, as events.

        Raises UsageError for an answer without passages or one that an early version kept, ConfigError without a model.
        """
        choice = self.chosen("generated", model)
        assert choice is not None
        if not answer.passages or answer.asked is None:
            raise UsageError("There is no evidence to write this answer anew from. Ask its question again.")
        return self._answering.revise(answer, how, choice, stop or threading.Event())

    def verify(
        self,
        text: str,
        *,
        now: When = None,
        since: When = None,
        until: When = None,
        outlets: Sequence[str] = (),
        on_sentence: Callable[[Sentence], None] | None = None,
    ) -> FactCheck:
        """Every sentence of ``text`` held against what the archive has on it, with verdicts and citations.

        The limits are those of ``search``. ``on_sentence`` is told of each as it is checked, and may raise to end it.
        Raises UsageError for a text without a sentence, and what ``search`` raises.
        """
        from qa.answers import FactCheck

        def understood(sentence: str) -> Question:
            return self.understand(sentence, now=now, since=since, until=until, outlets=outlets, infer=False)

        checked: list[Sentence] = []
        citations: tuple[Citation, ...] = ()
        for sentence, citations in self._answering.check(text, understood):  # noqa: B007 - the last holds all
            checked.append(sentence)
            if on_sentence is not None:
                on_sentence(sentence)
        if not checked:
            raise UsageError("There is no sentence to check: the text is empty, or all of it asks.")
        return FactCheck(tuple(checked), citations)

    def models(self) -> list[str]:
        """The names of the models that the configured server offers. Raises ConfigError without one, ModelError."""
        choice = self.chosen("generated", None)
        assert choice is not None
        return self._answering.model(choice).offered()

    def chosen(self, mode: str = "auto", model: str | None = None) -> Choice | None:
        """The model that would answer now, None for an extractive answer. Nothing is sent anywhere.

        ``mode`` and ``model`` are those of ``ask``. Raises UsageError for a mode that is none, ConfigError for a
        generated answer where no model is configured.
        """
        if mode not in ("auto", "extractive", "generated"):
            raise UsageError(f"mode = {mode!r}: one of auto, extractive, generated.")
        if mode == "extractive":
            return None
        choice = choose(self.config.answer, model)
        if choice is None and mode == "generated":
            raise ConfigError(
                "No model is configured. Name one: [answer] model (and base_url, for a server of your own) in "
                "config.toml, or --model."
            )
        return choice

    def _limit(self, limit: int | None) -> int:
        if limit is not None and not 1 <= limit <= 100:
            raise UsageError(f"limit = {limit}: a number from 1 to 100.")
        return limit or self.config.search.limit

    # --- articles

    def articles(self, *, limit: int = -1, offset: int = 0, copies: bool = True) -> list[Article]:
        """Articles, newest first, undated ones last; without ``copies``, the earliest stands for its near-copies."""
        return self.catalog.articles(limit=limit, offset=offset, copies=copies)

    def browse(
        self,
        *,
        title: str = "",
        text: str = "",
        outlets: Sequence[str] = (),
        sections: Sequence[str] = (),
        since: When = None,
        until: When = None,
        copies_of: str = "",
        gone: bool | None = None,
        fold: bool = True,
        order: Order = "date",
        reverse: bool = False,
    ) -> Browsing:
        """A list of articles to be read by pages: ``counts``, ``rows``, ``days`` and so on of ``qa.browsing.Browsing``.

        ``title``: words, or parts of words, that all stand in the title. ``text``: a run of words that stands in a
        passage or its title, found by the word index. ``copies_of``: only the near-copies of the article with this id.
        ``gone``: only what its source no longer has, or only what it has. ``fold``: near-copies share a row. ``order``:
        date (the newest first), outlet or title; ``reverse``: the other way round. Raises UsageError,
        IndexUnavailable.
        """
        from qa.browsing import LOOKED_UP, Browsing, Chosen

        passages: tuple[str, ...] | None = None
        if text.strip():
            with self._lock:
                self._catch_up()
                passages = tuple(self.words.holding(text, LOOKED_UP))
        first, last = parse_when(since, "since"), parse_when(until, "until")
        chosen = Chosen(
            title=tuple(title.split()),
            passages=passages,
            outlets=tuple(outlets),
            sections=tuple(sections),
            earliest=None if first is None else instant(first),
            latest=None if last is None else instant(last, end=True),
            copies_of=copies_of,
            gone=gone,
        )
        capped = passages is not None and len(passages) == LOOKED_UP
        return Browsing(self.catalog, chosen, order=order, reverse=reverse, fold=fold, capped=capped)

    def article(self, article_id: str) -> Article | None:
        """The article with this id, None if there is none."""
        return self.catalog.article(article_id)

    def copies(self, article: Article) -> tuple[Copy, ...]:
        """The near-copies of an article, itself included, the earliest first; empty if it is the only one."""
        return self.catalog.copies([article.id]).get(article.id, ())

    def similar(self, article: Article, *, limit: int = 5) -> list[Article]:
        """The articles nearest in meaning, the nearest first, without its own near-copies; by the vectors there are.

        Empty where the article is not embedded yet, or nothing is near. Raises IndexUnavailable.
        """
        with self._lock:
            self._catch_up()
            names = self.catalog.ids_inside(SIMILAR, articles=[article.id])
            stored = self.vectors.get(names)
            if not stored:
                return []
            import numpy as np

            mean = np.mean([*stored.values()], axis=0)
            near = self.vectors.search(mean / (np.linalg.norm(mean) or 1.0), SIMILAR * limit)
        facts = self.catalog.facts([name for name, _ in near])
        found = dict.fromkeys(facts[name].article_id for name, _ in near if name in facts)
        own = {article.id, *(copy.id for copy in self.copies(article))}
        return self.catalog.representatives([each for each in found if each not in own])[:limit]

    def revisions(self, article: Article) -> list[Revision]:
        """The earlier versions of an article, the latest first."""
        return self.catalog.revisions(article.id)

    def status(self, article: Article) -> Status:
        """What has become of an article since it was cited."""
        now = self.catalog.article(article.id)
        if now is None:
            return Status("removed")
        gone = self.catalog.gone_since(article.id)
        if now.text != article.text or now.title != article.title:
            return Status("changed", now, gone)
        return Status("current", now, gone)


def _last(events: Generator[Event, None, None]) -> Answer:
    """What a stream ends with. Raises the error of a Failed, which keeps what came before it."""
    from qa.answers import Failed, Finished

    for event in events:
        if isinstance(event, Failed):
            event.error.answer = event.answer
            raise event.error
        if isinstance(event, Finished):
            return event.answer
    raise AssertionError("a stream of events ends with Finished or Failed")
