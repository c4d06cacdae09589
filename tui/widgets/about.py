"""What belongs to an article beside its words: facts, cited words, earlier versions, copies, articles like it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.display import Mark, byline, day, minute, one_line
from tui.messages import ArticleChecked, ArticleWanted, MarkChosen, SimilarFound, VersionChosen
from tui.widgets.whole_list import WholeList

if TYPE_CHECKING:
    from qa.articles import Article
    from qa.catalog import Copy

WORDS = 60
"""Characters of cited words that are listed."""
MUTED = "$foreground-muted"


class About(WholeList):
    """Rows to read, and rows that bring words into view, open an article or compare a version."""

    def __init__(self, article: Article, marks: Sequence[Mark]) -> None:
        super().__init__(id="beside", compact=True, markup=False)
        self.article = article
        self.marks = marks
        self._checked: ArticleChecked | None = None
        self._similar: SimilarFound | None = None

    def on_mount(self) -> None:
        """What the article itself tells is known at once."""
        self._show()

    def tell(self, checked: ArticleChecked | None = None, similar: SimilarFound | None = None) -> None:
        """Show what has been found out since."""
        self._checked = checked or self._checked
        self._similar = similar or self._similar
        self._show()

    def _show(self) -> None:
        kept = self.highlighted_option.id if self.highlighted_option is not None else None
        self.clear_options()
        self.add_options(Option(_fact(name, value), disabled=True) for name, value in facts(self.article))
        self.add_options(_group("Cited here", "mark", [*self._cited()]))
        if self._checked is not None:
            versions = [Content(f"until {minute(each.replaced.astimezone())}") for each in self._checked.revisions]
            copies = [_copy(each) if each.id != self.article.id else None for each in self._checked.copies]
            self.add_options(_group("Earlier versions", "version", versions))
            self.add_options(_group("Same report", "copy", copies))
        if self._similar is None:
            self.add_options([_heading("Like it"), _told("looking …", MUTED)])
        elif self._similar.error:
            told = _told(f"⚠ not known: {one_line(self._similar.error)}", "$text-warning")
            self.add_options([_heading("Like it"), told])
        else:
            self.add_options(_group("Like it", "similar", [_titled(each) for each in self._similar.articles]))
        place = next((n for n, option in enumerate(self.options) if option.id and option.id == kept), None)
        self.highlighted = place

    def _cited(self) -> Iterator[Content]:
        for mark in self.marks:
            number = f"[{mark.number}] " if mark.number is not None else "found: "
            turn = f"answer {mark.turn} " if mark.turn is not None else "elsewhere " if mark.other else ""
            words = one_line(self.article.text[mark.start : mark.end])
            shown = words if len(words) <= WORDS else words[:WORDS].rsplit(" ", 1)[0] + " …"
            look = MUTED if mark.other else "bold $text-accent"
            yield Content.assemble((turn, MUTED), (number, look), (shown, MUTED if mark.other else ""))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask for what was pressed."""
        event.stop()
        kind, _, number = (event.option_id or "").partition("-")
        place = int(number or 0)
        if kind == "mark":
            self.post_message(MarkChosen(place))
        elif kind == "similar" and self._similar is not None:
            self.post_message(ArticleWanted(self._similar.articles[place].id))
        elif kind == "copy" and self._checked is not None:
            self.post_message(ArticleWanted(self._checked.copies[place].id))
        elif kind == "version" and self._checked is not None:
            self.post_message(VersionChosen(self._checked.revisions[place]))


def _group(heading: str, kind: str, rows: Sequence[Content | None]) -> Iterator[Option]:
    """A heading with a row for each that there is."""
    if any(rows):
        yield _heading(heading)
    yield from (Option(row, id=f"{kind}-{place}") for place, row in enumerate(rows) if row is not None)


def _heading(text: str) -> Option:
    return Option(Content.styled(f"\n{text}", f"bold {MUTED}"), disabled=True)


def _told(text: str, style: str) -> Option:
    return Option(Content.styled(text, style), disabled=True)


def _copy(copy: Copy) -> Content:
    return Content.assemble(one_line(copy.outlet) or "unknown outlet", (f" · {day(copy.published)}", MUTED))


def _titled(article: Article) -> Content:
    return Content.assemble(one_line(article.title), (f"\n{byline(article)}", MUTED))


def facts(article: Article) -> Iterator[tuple[str, str]]:
    """What is known of an article beside its words."""
    values = (
        ("outlet", article.outlet),
        ("authors" if len(article.authors) > 1 else "author", ", ".join(article.authors)),
        ("published", zoned(article.published)),
        ("updated", zoned(article.updated) if article.updated else ""),
        ("section", article.section),
        ("place", article.place),
        ("language", article.language),
        ("length", f"{len(article.text.split()):,} words" + (", an extract" if article.partial else "")),
        ("address", article.url),
        ("read from", article.source if article.source != article.url else ""),
    )
    yield from ((name, one_line(value)) for name, value in values if value)


def zoned(moment: date | None) -> str:
    """A day, with time and time zone where they are known: ``7 May 2026, 06:00 UTC+02:00``."""
    if not isinstance(moment, datetime):
        return day(moment)
    offset = f"{moment:%z}"
    zone = f"UTC{offset[:3]}:{offset[3:5]}" if offset.strip("+-0") else "UTC" if offset else ""
    return f"{minute(moment)} {zone}".strip()


def _fact(name: str, value: str) -> Content:
    return Content.assemble((f"{name} ", MUTED), value)
