"""A list whose first and last choice bring what stands above and below them into view."""

from __future__ import annotations

from textual.widgets import OptionList


class WholeList(OptionList):
    """Rows, some of which are only read: headings, facts, what failed. Keys reach these, too."""

    def on_resize(self) -> None:
        """The cursor stays in view where a line above or below takes room."""
        self.call_after_refresh(self.scroll_to_highlight)

    def scroll_to_highlight(self, top: bool = False) -> None:
        """Bring the cursor into view, with the rows to be read that part it from an end of the list."""
        super().scroll_to_highlight(top)
        choices = [n for n, option in enumerate(self.options) if not option.disabled]
        lines = self._index_to_line if self.is_mounted else {}
        if self.highlighted not in lines or self.highlighted not in choices:  # nothing is laid out while it is hidden
            return
        first, last = lines[choices[0]], lines[choices[-1]]
        room = self.scrollable_content_region.height
        if self.highlighted == choices[0] and first + self._heights[choices[0]] <= room:
            self.scroll_to(y=0, animate=False, immediate=True)
        elif self.highlighted == choices[-1] and self.virtual_size.height - last <= room:
            self.scroll_to(y=self.virtual_size.height, animate=False, immediate=True)
