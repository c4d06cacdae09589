"""One article, whole, with the words that an answer cites."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.style import Style
from textual.widgets import Footer, Static

from tui.commands import Place, bindings
from tui.display import CHOSEN_STYLE, MARKED_STYLE, Mark, disarm, minute, one_line
from tui.screens.desk_screen import DeskScreen

if TYPE_CHECKING:
    from qa.articles import Article


class ArticleText(Static):
    """The text with its marks. Each piece carries the index of its mark, so that the lines it fills can be found."""

    def __init__(self, text: str, marks: Sequence[Mark]) -> None:
        super().__init__(id="text", markup=False)
        self.text = text
        self.marks = marks
        self.chosen = next((n for n, mark in enumerate(marks) if mark.chosen), None)

    def render(self) -> Content:
        """Each piece between two cuts is disarmed by itself, since disarming moves what comes after it."""
        cuts = sorted({0, len(self.text), *(cut for mark in self.marks for cut in (mark.start, mark.end))})
        pieces = []
        for start, end in pairwise(cuts):
            over = [n for n, mark in enumerate(self.marks) if mark.start <= start and end <= mark.end]
            piece = Content(disarm(self.text[start:end]))
            if over:
                strong = self.chosen in over
                piece = piece.stylize(CHOSEN_STYLE if strong else MARKED_STYLE)
                piece = piece.stylize(Style.from_meta({"marks": tuple(over)}))
            pieces.append(piece)
        return Content("").join(pieces)

    def lines_of(self, index: int) -> tuple[int, int] | None:
        """First and last line that a mark fills as the text is wrapped now; None before it is laid out."""
        filled = [
            y
            for y in range(self.size.height)
            if any(index in segment.style.meta.get("marks", ()) for segment in self.render_line(y) if segment.style)
        ]
        return (filled[0], filled[-1]) if filled else None


class ReaderScreen(DeskScreen):
    """Shows an article and brings the chosen words into view."""

    CSS_PATH = "reader.tcss"
    PLACE: ClassVar[Place] = "reader"
    BINDINGS = bindings(PLACE)
    AUTO_FOCUS = "#page"

    def __init__(self, article: Article, marks: Sequence[Mark]) -> None:
        super().__init__()
        self.article = article
        self.marks = marks

    def compose(self) -> ComposeResult:
        """Head, text, keys."""
        with VerticalScroll(id="page"):
            yield Static(Content(one_line(self.article.title)), id="title")
            yield Static(Content(self._about()), id="about")
            yield ArticleText(self.article.text, self.marks)
        yield Footer(show_command_palette=False)

    def _about(self) -> str:
        article = self.article
        moments = minute(article.published) if article.published else "undated"
        if article.updated:
            moments += f", updated {minute(article.updated)}"
        authors = ", ".join(article.authors)
        lines = [" · ".join(filter(None, (one_line(article.outlet), moments)))]
        lines += [one_line(each) for each in (authors, article.url or article.source) if each]
        return "\n".join(lines)

    def on_mount(self) -> None:
        """The text has no lines before it is laid out."""
        self.call_after_refresh(self.show_chosen)

    def on_resize(self) -> None:
        """Other lines at another width."""
        self.call_after_refresh(self.show_chosen)

    def show_chosen(self) -> None:
        """Bring the chosen words into view, about a third down."""
        text, page = self.query_one(ArticleText), self.query_one("#page")
        if text.chosen is None or (lines := text.lines_of(text.chosen)) is None:
            return
        top = text.virtual_region.y + lines[0]
        page.scroll_to(y=max(0, top - page.size.height // 3), animate=False, immediate=True)

    def action_next_mark(self) -> None:
        """To the next cited words, in the order of the text."""
        self._step(1)

    def action_previous_mark(self) -> None:
        """To those before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        text = self.query_one(ArticleText)
        if text.marks:
            text.chosen = ((text.chosen if text.chosen is not None else -by) + by) % len(text.marks)
            text.refresh(layout=True)
            self.call_after_refresh(self.show_chosen)
