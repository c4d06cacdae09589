"""The line that says where one is, what the archive holds and what is going on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.display import count, one_line


@dataclass(frozen=True, slots=True)
class Standing:
    """What the status line tells. ``articles`` is None while the archive is not open.

    ``loading`` is what a question has to wait for, ``intake`` what goes on beside the questions.
    """

    articles: int | None = None
    mode: str = ""
    loading: str = ""
    intake: str = ""
    notice: str = ""


class StatusLine(Static):
    """Name, articles and who answers at the left, what is going on at the right; below them a notice, if there is one.

    Who answers, and so where questions go, is always there.
    """

    standing: reactive[Standing] = reactive(Standing(), layout=True)

    def render(self) -> Content:
        """One line where what is going on fits beside the rest, and one more for a notice."""
        standing = self.standing
        lines = [next(self._lefts())]
        if doing := one_line(standing.loading or standing.intake):
            lines = self._beside(Content.styled(doing, "italic $foreground-muted"))
        if standing.notice:
            lines.append(Content.styled(f"⚠ {one_line(standing.notice)}", "$text-warning"))
        return Content("\n").join(lines)

    def _beside(self, doing: Content) -> list[Content]:
        width = self.content_size.width
        lefts = list(self._lefts())
        left = next((each for each in lefts if each.cell_length + 2 + doing.cell_length <= width), None)
        if left is None:
            return [lefts[0], doing]
        return [Content.assemble(left, " " * (width - left.cell_length - doing.cell_length), doing)]

    def _lefts(self) -> Iterator[Content]:
        """The left side, then the same with less of it."""
        standing = self.standing
        name = Content.styled("Newsdesk", "bold $text-accent")
        mode = one_line(standing.mode)
        articles = "" if standing.articles is None else count(standing.articles, "article")
        for about in (" · ".join(filter(None, (articles, mode))), mode):
            yield Content.assemble(name, (f"  {about}" if about else "", "$foreground-muted"))
        yield Content.styled(mode, "$foreground-muted") if mode else name
