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
    """Name, articles and mode at the left, what is going on at the right; below them a notice where there is one."""

    standing: reactive[Standing] = reactive(Standing(), layout=True)

    def render(self) -> Content:
        """One line, two with a notice. What is going on is never cut; the left gives way to it."""
        standing = self.standing
        line = next(self._lefts())
        if doing := one_line(standing.loading or standing.intake):
            line = self._beside(Content.styled(doing, "italic $foreground-muted"))
        if not standing.notice:
            return line
        return Content("\n").join([line, Content.styled(f"⚠ {one_line(standing.notice)}", "$warning")])

    def _beside(self, doing: Content) -> Content:
        width = self.content_size.width
        left = next((each for each in self._lefts() if each.cell_length + 2 + doing.cell_length <= width), Content(""))
        return Content.assemble(left, " " * max(width - left.cell_length - doing.cell_length, 0), doing)

    def _lefts(self) -> Iterator[Content]:
        """The left side, then the same with less and less of it."""
        standing = self.standing
        known = [] if standing.articles is None else [count(standing.articles, "article"), one_line(standing.mode)]
        for kept in range(len(known), -1, -1):
            about = f"  {' · '.join(known[:kept])}" if kept else ""
            yield Content.assemble(("Newsdesk", "bold $accent"), (about, "$foreground-muted"))
