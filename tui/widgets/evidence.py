"""The evidence of the selected turn: what its answer cites, then what else was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from qa.explanations import age, found_for, why
from tui.commands import bindings
from tui.display import byline, holds, one_line, origin
from tui.messages import CitationChosen, PassageChosen
from tui.turns import Turn

if TYPE_CHECKING:
    from qa.answers import Citation
    from qa.articles import Article
    from qa.config import RankingSection
    from qa.passages import Passage
    from tui.app import NewsdeskApp

QUOTED = 400
"""Characters of a quote that are listed; the reader has the whole."""
OPENING = 140
"""Characters of a passage that are listed."""
MUTED = "$foreground-muted"


class Rows(OptionList):
    """The rows, with the keys that act on the one under the cursor."""

    BINDINGS = bindings("evidence")

    def __init__(self) -> None:
        super().__init__(id="rows", compact=True, markup=False)
        self.turn: Turn | None = None

    @property
    def chosen(self) -> Citation | Passage | None:
        """What stands under the cursor."""
        if self.turn is None or self.highlighted is None:
            return None
        kind, _, number = (self.get_option_at_index(self.highlighted).id or "").partition("-")
        if kind == "citation":
            return next((each for each in self.turn.citations if each.number == int(number)), None)
        return self.turn.passages[int(number)] if kind == "passage" else None

    def action_copy(self) -> None:
        """The quote, with where it stands."""
        from tui.clipboard import citation_text

        self._copy(citation_text, "the quote")

    def action_copy_reference(self) -> None:
        """A reference with the quote."""
        from tui.clipboard import citation_reference

        self._copy(citation_reference, "the reference")

    def _copy(self, told: object, what: str) -> None:
        from qa.answers import Citation

        chosen = self.chosen
        if chosen is None:
            return
        if not isinstance(chosen, Citation):
            chosen = Citation(0, chosen.article, chosen.start, chosen.end, chosen.text)
        cast("NewsdeskApp", self.app).copy(told(chosen), what)  # type: ignore[operator]

    def action_browse(self) -> None:
        """Open the article's address in a browser."""
        if self.chosen is not None:
            cast("NewsdeskApp", self.app).browse(self.chosen.article)

    def action_show_copies(self) -> None:
        """Who else printed it, one a line."""
        found = self.chosen
        if found is not None and self.turn is not None:
            copies = next((each.copies for each in self.turn.passages if each.article.id == found.article.id), ())
            others = [f"{byline(copy)}  {one_line(copy.title)}" for copy in copies if copy.id != found.article.id]
            self.notify("\n".join(others) or "Nobody else printed it.", title="Same report", timeout=10, markup=False)


class Evidence(Vertical):
    """Rows that take the cursor; Enter or a click opens the article at its words."""

    def compose(self) -> ComposeResult:
        """The rows, under a heading."""
        yield Static("Evidence", id="evidence-heading")
        yield Rows()

    @property
    def rows(self) -> Rows:
        """The list."""
        return self.query_one(Rows)

    def show(self, turn: Turn | None, weights: RankingSection | None = None) -> None:
        """List the evidence of ``turn``; with the ``weights`` of the ranking, why each passage was found."""
        rows = self.rows
        rows.turn = turn
        rows.clear_options()
        if turn is None or (not turn.passages and not turn.citations):
            rows.add_option(Option(Content.styled(_nothing(turn), MUTED), disabled=True))
            return
        rows.add_options(rows_of(turn, weights))
        rows.highlighted = next((n for n, row in enumerate(rows.options) if not row.disabled), None)

    def mark(self, number: int) -> None:
        """Put the cursor on a citation."""
        rows = self.rows
        place = next((n for n, row in enumerate(rows.options) if row.id == f"citation-{number}"), None)
        if place is not None:
            rows.highlighted = place

    def take_focus(self) -> None:
        """Put the cursor among the rows."""
        self.rows.focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask for the article."""
        event.stop()
        kind, _, number = (event.option_id or "").partition("-")
        if kind == "citation":
            self.post_message(CitationChosen(int(number)))
        elif kind == "passage":
            self.post_message(PassageChosen(int(number)))


def rows_of(turn: Turn, weights: RankingSection | None = None) -> list[Option]:
    """Citations by number, then the passages that no citation lies in, best first."""
    rows: list[Option] = []
    now = turn.asked.now if turn.asked is not None else None
    origins = {passage.article.id: origin(passage.copies) for passage in turn.passages}
    reasons = {passage.article.id: _reason(turn, n, weights) for n, passage in reversed([*enumerate(turn.passages)])}
    differing = _differing(turn)
    if turn.citations:
        rows.append(_heading("Cited"))
    for each in turn.citations:
        quote = _shortened(each.quote, QUOTED)
        text = Content.assemble((f"[{each.number}] ", "bold $text-accent"), quote)
        about = (each.article.title, _printed(each.article, origins, now), reasons.get(each.article.id, ""))
        rows.append(Option(_row(text, *about, differs=differing.get(each.number, "")), id=f"citation-{each.number}"))
    others = [
        (index, passage)
        for index, passage in enumerate(turn.passages)
        if not any(holds(passage, each) for each in turn.citations)
    ]
    if others:
        rows.append(_heading("Also found" if turn.citations else "Found"))
    for index, passage in others:
        text = Content.styled(one_line(passage.article.title), "bold")
        about = (_printed(passage.article, origins, now), found_for(passage, turn.asked), _reason(turn, index, weights))
        rows.append(Option(_row(text, _shortened(passage.text, OPENING), *about), id=f"passage-{index}"))
    return rows


def _differing(turn: Turn) -> dict[int, str]:
    """What each citation says otherwise than others: ``says nine, another says twenty-eight``."""
    told: dict[int, list[str]] = {}
    for each in turn.answer.disagreements if turn.answer is not None else ():
        for side in each.sides:
            others = ", ".join(one_line(other.said) for other in each.sides if other.said != side.said)
            told.setdefault(side.citation, []).append(f"says {one_line(side.said)}, elsewhere {others}")
    return {number: "; ".join(lines) for number, lines in told.items()}


def _reason(turn: Turn, index: int, weights: RankingSection | None) -> str:
    """Why a passage was found, or why it does not do."""
    absence = turn.answer.absence if turn.answer is not None else None
    if absence is not None and index < len(absence.near):
        return f"does not do: {absence.near[index]}"
    if weights is None or turn.asked is None:
        return ""
    return why(turn.passages[index], weights, turn.asked.now)


def _printed(article: Article, origins: Mapping[str, str], now: datetime | None) -> str:
    """Outlet, day and age, and how many outlets share its origin."""
    aged = age(article.published, now) if now is not None else ""
    return " · ".join(filter(None, (byline(article), aged, origins.get(article.id))))


def _row(first: Content, *more: str, differs: str = "") -> Content:
    return Content("\n").join([first, *_below(more, differs), Content("")])


def _below(more: tuple[str, ...], differs: str) -> Iterator[Content]:
    yield from (Content.styled(one_line(each), MUTED) for each in more if each)
    if differs:
        yield Content.styled(f"≠ {differs}", "$text-warning")


def _heading(text: str) -> Option:
    return Option(Content.styled(text, f"bold {MUTED}"), disabled=True)


def _shortened(text: str, limit: int) -> str:
    text = one_line(text)
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " …"


def _nothing(turn: Turn | None) -> str:
    if turn is None:
        return "The words that an answer rests on are listed here."
    if turn.running or turn.state == "waiting":
        return "Nothing found yet."
    return "Nothing was found."
