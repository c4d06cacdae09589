"""The line that says where one is, what the archive holds and what is going on."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.display import count, one_line


@dataclass(frozen=True, slots=True)
class Standing:
    """What the status line tells. ``articles`` is None while the archive is not open."""

    articles: int | None = None
    mode: str = ""
    loading: str = ""
    notice: str = ""


class StatusLine(Static):
    """Name, articles and mode at the left, what is loading at the right; below them a notice where there is one."""

    standing: reactive[Standing] = reactive(Standing(), layout=True)

    def render(self) -> Content:
        """One line, two with a notice."""
        standing = self.standing
        known = [] if standing.articles is None else [count(standing.articles, "article"), one_line(standing.mode)]
        left = Content.assemble(
            ("Newsdesk", "bold $accent"), (f"  {' · '.join(known)}" if known else "", "$foreground-muted")
        )
        loading = one_line(standing.loading)
        room = self.content_size.width - left.cell_length - len(loading)
        line = Content.assemble(left, " " * max(room, 2), (loading, "italic $foreground-muted")) if loading else left
        if not standing.notice:
            return line
        return Content("\n").join([line, Content.styled(f"⚠ {one_line(standing.notice)}", "$warning")])
