"""Everything that workers and widgets say to what is above them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, dataclass_transform

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from qa.answers import Answer, Sentence
    from qa.archive import Archive, Status
    from qa.articles import Article
    from qa.browsing import Browsing, Counts, Order, Row
    from qa.catalog import Copy, Revision
    from qa.config import Config
    from qa.failures import FailedDocument
    from qa.inferences import What
    from qa.intake import IngestReport, Progress
    from qa.passages import Passage
    from qa.places import Synced
    from qa.questions import Question
    from qa.sessions import Deleted, Session
    from tui.filters import Filters
    from tui.intake import Job, Removed
    from tui.turns import Turn
    from tui.widgets.completions import Completion, Wanted


@dataclass_transform(eq_default=False)
class Said(Message):
    """A message whose fields are its annotations, as a dataclass has them, at a tenth of the time to the first frame.

    Raises TypeError for a field without a value, or a value without a field.
    """

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__()
        kind = type(self)
        fields = kind.__annotations__
        given = dict(zip(fields, values, strict=False)) | named
        missing = [name for name in fields if name not in given and not hasattr(kind, name)]
        if missing or len(values) + len(named) != len(given) or not given.keys() <= fields.keys():
            raise TypeError(f"{kind.__name__} takes {', '.join(fields)}; it was given {values!r} and {named!r}")
        self.__dict__.update(given)


# --- the archive


class ArchiveOpened(Said):
    """The catalog can be read; models and indexes are still to be loaded. ``session`` is the one to be resumed.

    ``pending`` passages were left to be embedded when the archive was last written to.
    """

    archive: Archive
    config: Config
    articles: int
    pending: int
    newest: Sequence[Article]
    session: int | None
    turns: Sequence[Answer]


class ArchiveFailed(Said):
    """The configuration or the archive cannot be read, so that nothing can be asked until that is mended."""

    error: str


class Loading(Said):
    """What is being loaded; empty when nothing is."""

    text: str


class ArchiveReady(Said):
    """Questions can be answered."""


class Noticed(Said):
    """Something went wrong that leaves the rest usable."""

    text: str


# --- settings


class SettingsSaved(Said):
    """The settings were written, and hold as ``config``; else why not."""

    config: Config | None
    text: str
    error: str = ""


class ConnectionTested(Said):
    """What a model's server said."""

    told: str
    error: str = ""


# --- articles in


class IntakeMoved(Said):
    """How far taking articles in is."""

    progress: Progress


class IntakeEnded(Said):
    """A job is over, with a report or an error."""

    job: Job
    report: IngestReport | Removed | None = None
    error: str = ""


class ArticlesStored(Said):
    """The archive holds other articles than before, and can be asked about them: how many, and the newest ones."""

    articles: int
    newest: Sequence[Article]


class ListRead(Said):
    """The ``page`` of a list of articles in which the cursor stands; ``asked``: by which reading of the list."""

    browsing: Browsing
    page: Sequence[Row]
    cursor: int
    asked: int


class ListCounted(Said):
    """How much there is in a list; ``unread``: how many documents could not be read."""

    browsing: Browsing
    counts: Counts
    unread: int = 0


class ListFailed(Said):
    """The list that was asked for cannot be."""

    error: str
    asked: int


class PageRead(Said):
    """Rows of a list, by the number of their page."""

    browsing: Browsing
    page: int
    rows: Sequence[Row]


class DaysRead(Said):
    """How many articles of a list were published on each day."""

    browsing: Browsing
    days: Sequence[tuple[date, int]]


class RowHighlighted(Said):
    """The cursor is on another row, None while that is read."""

    row: Row | None


class RowChosen(Said):
    """The row under the cursor is to be opened."""


class OrderChosen(Said):
    """The list is to be sorted by this; if it is already, the other way round."""

    order: Order


class CopiesTold(Said):
    """Who else printed an article, in words."""

    article_id: str
    told: str


class SpanChosen(Said):
    """Only articles of these days, both included, are wanted."""

    since: date
    until: date


class RemovalMeant(Said):
    """The rows that somebody wants to remove, and the ids of all articles that stand in them."""

    rows: Sequence[Row]
    names: Sequence[str]


class QuestionMeant(Said):
    """Questions are to be limited to these articles."""

    limits: Filters


class SourcesRead(Said):
    """What came of the last sync of each source, how many articles each holds, and the documents that failed.

    What was added by hand is held by the source of no name.
    """

    synced: Sequence[Synced]
    held: Mapping[str, int]
    failures: Sequence[FailedDocument]


class ArticleChecked(Said):
    """What has become of an article that is being read; ``changed`` when another text took its place, if known.

    ``revisions`` are its earlier versions.
    """

    status: Status
    copies: Sequence[Copy]
    changed: datetime | None
    revisions: Sequence[Revision]


class SimilarFound(Said):
    """The articles like the one that is being read, or why they are not known."""

    articles: Sequence[Article]
    error: str = ""


class ReaderFailed(Said):
    """Something of an article that is being read is not known, or another one cannot be opened, and why."""

    error: str


class ArticleWanted(Said):
    """An article is to be read."""

    article_id: str


class VersionChosen(Said):
    """An earlier version of the article that is read is to be compared with it."""

    revision: Revision


class VersionsCompared(Said):
    """What became of each run of words between an earlier version and the text beside it, or why it is not known."""

    revision: Revision
    runs: Sequence[tuple[str, str]]
    error: str = ""


class MarkChosen(Said):
    """Words of the article that is read are to be brought into view, by the place of their mark."""

    place: int


# --- adding


class PathsFound(Said):
    """The files and folders that begin like what was ``typed``."""

    typed: str
    paths: Sequence[str]


# --- a turn


class QuestionSent(Said):
    """A question was typed or chosen. ``edited``: the turn whose question it was before."""

    question: str
    edited: Turn | None = None


class TurnRevising(Said):
    """A turn writes the answer ``of`` another one anew, ``how`` ("shorter"); it asks nothing of the archive."""

    turn: Turn
    of: Turn
    how: str


class TurnSearching(Said):
    """The search for a turn begins in so many ``articles``, with its question as it was understood."""

    turn: Turn
    asked: Question
    articles: int


class TurnFound(Said):
    """The passages that a turn's answer will be made from."""

    turn: Turn
    passages: tuple[Passage, ...]


class TurnWorking(Said):
    """What goes on with a turn while there is nothing to show of it, in words."""

    turn: Turn
    doing: str


class TurnWriting(Said):
    """More of a turn's answer, as Markdown."""

    turn: Turn
    delta: str


class TurnChecked(Said):
    """A sentence of a turn's draft was checked, by its place in it; one may be checked again."""

    turn: Turn
    index: int
    sentence: Sentence


class TurnFinished(Said):
    """A turn's verified answer, and the conversation that it is kept in (None: in none)."""

    turn: Turn
    answer: Answer
    session: int | None


class TurnFailed(Said):
    """A turn has no answer; ``answer`` holds what came before the error, and is kept if that is more than passages."""

    turn: Turn
    error: str
    answer: Answer | None = None
    session: int | None = None


class TurnChosen(Said):
    """A turn was clicked or focused, so that its evidence is to be shown."""

    turn: Turn


class ReadingSwitched(Said):
    """A turn's question is to be asked again without what was read out of its words, or with what was left out."""

    turn: Turn
    what: What


class PageTurned(Said):
    """The conversation is to be scrolled by pages (negative: back) while the prompt keeps the focus."""

    pages: int


class EndWanted(Said):
    """The conversation is to be scrolled to its end while the prompt keeps the focus."""


class AnswersWanted(Said):
    """The focus is to go from the prompt to the answers."""


# --- what is typed, and filters


class CompletionWanted(Said):
    """Something is being typed that may be completed; ``wanted`` is None where it is over."""

    wanted: Wanted | None


class CompletionsFound(Said):
    """What there is to choose for what was ``wanted``."""

    wanted: Wanted
    choices: Sequence[Completion]


class CompletionChosen(Said):
    """A choice was taken."""

    choice: Completion


class CommandSent(Said):
    """A ``line`` that begins with a slash was sent."""

    name: str
    value: str
    line: str


class HistoryRead(Said):
    """Questions of earlier conversations, the latest first."""

    questions: Sequence[str]


class FiltersCounted(Said):
    """How many articles the ``filters`` leave, or why they cannot be."""

    filters: Filters
    articles: int
    error: str = ""


class ChipRemoved(Said):
    """A filter, or the choice of a model, is to be taken away; ``value``: of several outlets, this one."""

    name: str
    value: str = ""


class ChipEdited(Said):
    """A filter is to be changed; ``value``: what it is, of several outlets this one."""

    name: str
    value: str = ""


class ChipTyped(Said):
    """A filter was changed from ``value`` to what was ``typed``, which may be no such filter."""

    name: str
    value: str
    typed: str


class ChipLeft(Said):
    """A filter that was being changed is to stay as it was."""


# --- who answers


class ModelsListed(Said):
    """The names of the models that the configured server offers, or why they are not known."""

    names: Sequence[str]
    error: str = ""


# --- evidence


class CitationChosen(Said):
    """A citation of the selected turn is to be opened."""

    number: int


class CitationMarked(Said):
    """The marker of a citation of the selected turn was stepped to."""

    number: int


class PassageChosen(Said):
    """A passage of the selected turn is to be opened, by its place in the turn's passages."""

    index: int


class SplitMoved(Said):
    """The evidence is to take so much of the width, in per cent."""

    share: float


# --- conversations


class SessionsLoaded(Said):
    """The conversations that are kept, those with the words that were ``sought``, or why they are not known."""

    sessions: Sequence[Session]
    sought: str
    error: str = ""


class SessionDeleted(Said):
    """A conversation was deleted; ``deleted`` brings it back, None where it was gone already."""

    session: int
    deleted: Deleted | None


class Exported(Said):
    """A file was written, or why it was not."""

    file: Path | None
    error: str = ""


class SessionOpened(Said):
    """A conversation with its turns, or the last of them."""

    session: int
    turns: Sequence[Answer]


class EarlierRead(Said):
    """The turns of a conversation that come before those that are shown, or why they are not known."""

    session: int
    turns: Sequence[Turn]
    error: str = ""
