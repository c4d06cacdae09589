"""The evidence of the selected turn: what its answer cites, then what else was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.commands import bindings
from tui.display import disarm
from tui.messages import ArticleWanted, CitationChosen, PassageChosen
from tui.turns import Turn
from tui.widgets.evidence_rows import COPIES, MUTED, Row, copies_in, nothing, rows_of
from tui.widgets.whole_list import WholeList

if TYPE_CHECKING:
    from qa.answers import Citation
    from qa.articles import Article
    from qa.config import RankingSection
    from tui.app import NewsdeskApp


class Rows(WholeList):
    """The rows, with the keys that act on the one under the cursor."""

    BINDINGS = bindings("evidence")

    def __init__(self) -> None:
        super().__init__(id="rows", compact=True, markup=False)
        self.turn: Turn | None = None
        self.opened: set[str] = set()
        self._weights: RankingSection | None = None
        self._shown: object = None

    def show(self, turn: Turn | None, weights: RankingSection | None) -> None:
        """List the evidence of a turn; the cursor stays where it was, as long as it is the same turn's."""
        same = turn is self.turn
        if not same:
            self.opened = set()
        self.turn, self._weights = turn, weights
        state = (turn.state, id(turn.passages), id(turn.answer), turn.articles) if turn is not None else None
        if not same or (state, id(weights)) != self._shown or not self.options:
            self._shown = (state, id(weights))
            self._list(keep=same)

    def _list(self, *, keep: bool) -> None:
        turn = self.turn
        row = self.row if keep else None
        kept, top = row.id if row is not None else None, self.scroll_offset.y
        self.clear_options()
        if turn is None or (not turn.passages and not turn.citations):
            self.add_option(Option(Content.styled(nothing(turn), MUTED), disabled=True))
            return
        self.add_options(rows_of(turn, self._weights, self.opened))
        places = {option.id: n for n, option in reversed([*enumerate(self.options)]) if not option.disabled}
        if kept in places:
            self.scroll_to(y=top, animate=False, immediate=True)
        self.highlighted = places.get(kept, min(places.values(), default=None))

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        option = self.highlighted_option
        return option if isinstance(option, Row) else None

    @property
    def chosen(self) -> Citation | None:
        """What stands under the cursor as a citation; a passage that is none has the number 0."""
        from qa.answers import Citation
        from qa.catalog import Copy

        target = self.row.target if self.row is not None else None
        if target is None or isinstance(target, (Citation, Copy)):
            return target if isinstance(target, Citation) else None
        return Citation(0, target.article, target.start, target.end, target.text)

    @property
    def article(self) -> Article | None:
        """The article of the row; of a copy, what is known without opening it."""
        from qa.articles import Article
        from qa.catalog import Copy

        target = self.row.target if self.row is not None else None
        if isinstance(target, Copy):
            return Article(target.id, target.title, "", target.outlet, published=target.published, url=target.url)
        return target.article if target is not None else None

    def action_copy(self) -> None:
        """The quote, with where it stands."""
        from tui.clipboard import citation_text

        if self.chosen is not None:
            self._desk.copy(citation_text(self.chosen), "the quote")
        else:
            self.action_copy_reference()

    def action_copy_reference(self) -> None:
        """A reference with the quote; of a copy, without."""
        from qa.exports import reference
        from tui.clipboard import citation_reference

        if self.chosen is not None:
            self._desk.copy(citation_reference(self.chosen), "the reference")
        elif self.article is not None:
            self._desk.copy(disarm(reference(self.article)), "the reference")

    def action_browse(self) -> None:
        """Open the article's address in a browser."""
        if self.article is not None:
            self._desk.browse(self.article)

    def action_show_copies(self) -> None:
        """List who else printed it below the row, or hide that again."""
        if self.row is not None and self.turn is not None:
            if self.row.article in copies_in(self.turn):
                self._toggle(self.row.article)
            else:
                self.notify("No other outlet's copy of it was found.", markup=False)

    def on_click(self, event: events.Click) -> None:
        """The number of copies is pressed by itself; the rest of a row opens the article."""
        article = event.style.meta.get(COPIES)
        if article is not None:
            event.prevent_default()
            event.stop()
            self.highlighted = event.style.meta.get("option", self.highlighted)
            self._toggle(article)

    def _toggle(self, article: str) -> None:
        row = self.row
        if row is not None and row.id is not None and row.id.startswith("copy-"):  # it goes: the cursor moves up
            self.highlighted = self.get_option_index(row.id.split("-", 2)[2])
        self.opened ^= {article}
        self._list(keep=True)

    @property
    def _desk(self) -> NewsdeskApp:
        return cast("NewsdeskApp", self.app)


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
        self.rows.show(turn, weights)

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
        elif kind == "copy" and self.rows.article is not None:
            self.post_message(ArticleWanted(self.rows.article.id))
