"""The evidence of the selected turn: what its answer cites, then what else was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from qa.explanations import found_for, why
from tui.display import byline, holds, one_line, origin
from tui.messages import CitationChosen, PassageChosen
from tui.turns import Turn

if TYPE_CHECKING:
    from qa.articles import Article
    from qa.config import RankingSection

QUOTED = 400
"""Characters of a quote that are listed; the reader has the whole."""
OPENING = 140
"""Characters of a passage that are listed."""


class Evidence(Vertical):
    """Rows that take the cursor; Enter or a click opens the article at its words."""

    def compose(self) -> ComposeResult:
        """The rows, under a heading."""
        yield Static("Evidence", id="evidence-heading")
        yield OptionList(id="rows", compact=True, markup=False)

    def show(self, turn: Turn | None, weights: RankingSection | None = None) -> None:
        """List the evidence of ``turn``; with the ``weights`` of the ranking, why each passage was found."""
        rows = self.query_one("#rows", OptionList)
        rows.clear_options()
        if turn is None or (not turn.passages and not turn.citations):
            rows.add_option(Option(Content.styled(_nothing(turn), "$foreground-muted"), disabled=True))
            return
        rows.add_options(rows_of(turn, weights))
        rows.highlighted = next((n for n, row in enumerate(rows.options) if not row.disabled), None)

    def take_focus(self) -> None:
        """Put the cursor among the rows."""
        self.query_one("#rows", OptionList).focus()

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
    origins = {passage.article.id: origin(passage.copies) for passage in turn.passages}
    if turn.citations:
        rows.append(_heading("Cited"))
    for each in turn.citations:
        quote = _shortened(each.quote, QUOTED)
        text = Content.assemble((f"[{each.number}] ", "bold $accent"), quote)
        row = _row(text, each.article.title, _printed(each.article, origins))
        rows.append(Option(row, id=f"citation-{each.number}"))
    others = [
        (index, passage)
        for index, passage in enumerate(turn.passages)
        if not any(holds(passage, each) for each in turn.citations)
    ]
    if others:
        rows.append(_heading("Also found" if turn.citations else "Found"))
    for index, passage in others:
        text = Content.styled(one_line(passage.article.title), "bold")
        about = (_printed(passage.article, origins), found_for(passage, turn.asked), _reason(turn, index, weights))
        row = _row(text, _shortened(passage.text, OPENING), *about)
        rows.append(Option(row, id=f"passage-{index}"))
    return rows


def _reason(turn: Turn, index: int, weights: RankingSection | None) -> str:
    """Why a passage was found, or why it does not do."""
    absence = turn.answer.absence if turn.answer is not None else None
    if absence is not None and index < len(absence.near):
        return f"does not do: {absence.near[index]}"
    if weights is None or turn.asked is None:
        return ""
    return why(turn.passages[index], weights, turn.asked.now)


def _printed(article: Article, origins: Mapping[str, str]) -> str:
    """Outlet and day, and how many outlets share its origin."""
    return " · ".join(filter(None, (byline(article), origins.get(article.id))))


def _row(first: Content, *more: str) -> Content:
    lines = (Content.styled(one_line(each), "$foreground-muted") for each in more if each)
    return Content("\n").join([first, *lines, Content("")])


def _heading(text: str) -> Option:
    return Option(Content.styled(text, "bold $foreground-muted"), disabled=True)


def _shortened(text: str, limit: int) -> str:
    text = one_line(text)
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " …"


def _nothing(turn: Turn | None) -> str:
    if turn is None:
        return "The words that an answer rests on are listed here."
    if turn.running or turn.state == "waiting":
        return "Nothing found yet."
    return "Nothing was found."
