"""Everything that workers and widgets say to what is above them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from pathlib import Path

    from qa.answers import Answer, Sentence
    from qa.archive import Archive, Status
    from qa.articles import Article
    from qa.browsing import Browsing, Counts, Row
    from qa.catalog import Copy, Revision
    from qa.config import Config
    from qa.inferences import What
    from qa.intake import IngestReport, Progress
    from qa.passages import Passage
    from qa.places import Synced
    from qa.questions import Question
    from qa.sessions import Deleted, Session
    from tui.filters import Filters
    from tui.intake import Job
    from tui.turns import Turn
    from tui.widgets.completions import Completion

# --- the archive


@dataclass(eq=False, repr=False)
class ArchiveOpened(Message):
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


@dataclass(eq=False, repr=False)
class ArchiveFailed(Message):
    """The configuration or the archive cannot be read, so that nothing can be asked until that is mended."""

    error: str


@dataclass(eq=False, repr=False)
class Loading(Message):
    """What is being loaded; empty when nothing is."""

    text: str


@dataclass(eq=False, repr=False)
class ArchiveReady(Message):
    """Questions can be answered."""


@dataclass(eq=False, repr=False)
class Noticed(Message):
    """Something went wrong that leaves the rest usable."""

    text: str


# --- settings


@dataclass(eq=False, repr=False)
class SettingsSaved(Message):
    """The settings were written, and hold as ``config``; else why not."""

    config: Config | None
    text: str
    error: str = ""


@dataclass(eq=False, repr=False)
class ConnectionTested(Message):
    """What a model's server said."""

    told: str
    error: str = ""


# --- articles in


@dataclass(eq=False, repr=False)
class IntakeMoved(Message):
    """How far taking articles in is."""

    progress: Progress


@dataclass(eq=False, repr=False)
class IntakeEnded(Message):
    """A job is over, with a report or an error."""

    job: Job
    report: IngestReport | None = None
    error: str = ""


@dataclass(eq=False, repr=False)
class ArticlesStored(Message):
    """The archive holds other articles than before, and can be asked about them: how many, and the newest ones."""

    articles: int
    newest: Sequence[Article]


@dataclass(eq=False, repr=False)
class ListRead(Message):
    """A list of articles: how much there is, and the ``page`` of rows in which the cursor stands."""

    browsing: Browsing
    counts: Counts
    page: Sequence[Row]
    cursor: int


@dataclass(eq=False, repr=False)
class ListFailed(Message):
    """The list that was asked for cannot be."""

    error: str


@dataclass(eq=False, repr=False)
class PageRead(Message):
    """Rows of a list, by the number of their page."""

    browsing: Browsing
    page: int
    rows: Sequence[Row]


@dataclass(eq=False, repr=False)
class DaysRead(Message):
    """How many articles of a list were published on each day."""

    browsing: Browsing
    days: Sequence[tuple[date, int]]


@dataclass(eq=False, repr=False)
class RowHighlighted(Message):
    """The cursor is on another row, None while that is read."""

    row: Row | None


@dataclass(eq=False, repr=False)
class RowChosen(Message):
    """The row under the cursor is to be opened."""


@dataclass(eq=False, repr=False)
class CopiesTold(Message):
    """Who else printed an article, in words."""

    article_id: str
    told: str


@dataclass(eq=False, repr=False)
class SpanChosen(Message):
    """Only articles of these days, both included, are wanted."""

    since: date
    until: date


@dataclass(eq=False, repr=False)
class ArticlesRemoved(Message):
    """So many articles were removed, or why none was."""

    removed: int
    error: str = ""


@dataclass(eq=False, repr=False)
class SourcesRead(Message):
    """What came of the last sync of each source."""

    synced: Sequence[Synced]


@dataclass(eq=False, repr=False)
class ArticleChecked(Message):
    """What has become of an article that is being read; ``changed`` when another text took its place, if known.

    ``revisions`` are its earlier versions, ``similar`` the articles like it.
    """

    status: Status
    copies: Sequence[Copy]
    changed: datetime | None
    revisions: Sequence[Revision]
    similar: Sequence[Article]


@dataclass(eq=False, repr=False)
class ArticleWanted(Message):
    """An article is to be read."""

    article_id: str


@dataclass(eq=False, repr=False)
class VersionChosen(Message):
    """An earlier version of the article that is read is to be compared with it."""

    revision: Revision


# --- a turn


@dataclass(eq=False, repr=False)
class QuestionSent(Message):
    """A question was typed or chosen. ``edited``: the turn whose question it was before."""

    question: str
    edited: Turn | None = None


@dataclass(eq=False, repr=False)
class TurnRevising(Message):
    """A turn writes the answer ``of`` another one anew, ``how`` ("shorter"); it asks nothing of the archive."""

    turn: Turn
    of: Turn
    how: str


@dataclass(eq=False, repr=False)
class TurnSearching(Message):
    """The search for a turn begins in so many ``articles``, with its question as it was understood."""

    turn: Turn
    asked: Question
    articles: int


@dataclass(eq=False, repr=False)
class TurnFound(Message):
    """The passages that a turn's answer will be made from."""

    turn: Turn
    passages: tuple[Passage, ...]


@dataclass(eq=False, repr=False)
class TurnWorking(Message):
    """What goes on with a turn while there is nothing to show of it, in words."""

    turn: Turn
    doing: str


@dataclass(eq=False, repr=False)
class TurnWriting(Message):
    """More of a turn's answer, as Markdown."""

    turn: Turn
    delta: str


@dataclass(eq=False, repr=False)
class TurnChecked(Message):
    """A sentence of a turn's draft was checked, by its place in it; one may be checked again."""

    turn: Turn
    index: int
    sentence: Sentence


@dataclass(eq=False, repr=False)
class TurnFinished(Message):
    """A turn's verified answer, and the conversation that it is kept in (None: in none)."""

    turn: Turn
    answer: Answer
    session: int | None


@dataclass(eq=False, repr=False)
class TurnFailed(Message):
    """A turn has no answer; ``answer`` holds what came before the error, and is kept if that is more than passages."""

    turn: Turn
    error: str
    answer: Answer | None = None
    session: int | None = None


@dataclass(eq=False, repr=False)
class TurnChosen(Message):
    """A turn was clicked or focused, so that its evidence is to be shown."""

    turn: Turn


@dataclass(eq=False, repr=False)
class ReadingSwitched(Message):
    """A turn's question is to be asked again without what was read out of its words, or with what was left out."""

    turn: Turn
    what: What


@dataclass(eq=False, repr=False)
class PageTurned(Message):
    """The conversation is to be scrolled by pages (negative: back) while the prompt keeps the focus."""

    pages: int


@dataclass(eq=False, repr=False)
class EndWanted(Message):
    """The conversation is to be scrolled to its end while the prompt keeps the focus."""


# --- what is typed, and filters


@dataclass(eq=False, repr=False)
class CompletionWanted(Message):
    """Something is being typed that may be completed: ``/`` with a command's, ``@`` with a name's beginning."""

    sign: str
    typed: str


@dataclass(eq=False, repr=False)
class CompletionsFound(Message):
    """What there is to choose for what was ``typed``."""

    typed: str
    choices: Sequence[Completion]


@dataclass(eq=False, repr=False)
class CompletionChosen(Message):
    """A choice was taken."""

    choice: Completion


@dataclass(eq=False, repr=False)
class CommandSent(Message):
    """A line that begins with a slash was sent."""

    name: str
    value: str


@dataclass(eq=False, repr=False)
class HistoryRead(Message):
    """Questions of earlier conversations, the latest first."""

    questions: Sequence[str]


@dataclass(eq=False, repr=False)
class FiltersCounted(Message):
    """How many articles the ``filters`` leave, or why they cannot be."""

    filters: Filters
    articles: int
    error: str = ""


@dataclass(eq=False, repr=False)
class ChipRemoved(Message):
    """A filter, or the choice of a model, is to be taken away."""

    name: str


@dataclass(eq=False, repr=False)
class ChipEdited(Message):
    """A filter is to be changed."""

    name: str


# --- who answers


@dataclass(eq=False, repr=False)
class ModelsListed(Message):
    """The names of the models that the configured server offers, or why they are not known."""

    names: Sequence[str]
    error: str = ""


# --- evidence


@dataclass(eq=False, repr=False)
class CitationChosen(Message):
    """A citation of the selected turn is to be opened."""

    number: int


@dataclass(eq=False, repr=False)
class CitationMarked(Message):
    """The marker of a citation of the selected turn was stepped to."""

    number: int


@dataclass(eq=False, repr=False)
class PassageChosen(Message):
    """A passage of the selected turn is to be opened, by its place in the turn's passages."""

    index: int


@dataclass(eq=False, repr=False)
class SplitMoved(Message):
    """The evidence is to take so much of the width, in per cent."""

    share: float


# --- conversations


@dataclass(eq=False, repr=False)
class SessionsLoaded(Message):
    """The conversations that are kept, those with the words that were ``sought``."""

    sessions: Sequence[Session]
    sought: str


@dataclass(eq=False, repr=False)
class SessionDeleted(Message):
    """A conversation was deleted; ``deleted`` brings it back, None where it was gone already."""

    session: int
    deleted: Deleted | None


@dataclass(eq=False, repr=False)
class Exported(Message):
    """A file was written, or why it was not."""

    file: Path | None
    error: str = ""


@dataclass(eq=False, repr=False)
class SessionOpened(Message):
    """A conversation with its turns, or the last of them."""

    session: int
    turns: Sequence[Answer]


@dataclass(eq=False, repr=False)
class EarlierRead(Message):
    """The turns of a conversation that come before those that are shown, or why they are not known."""

    session: int
    turns: Sequence[Turn]
    error: str = ""
