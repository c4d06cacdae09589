"""What belongs to an article beside its words: facts, earlier versions, copies, articles like it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.display import byline, day, minute, one_line
from tui.messages import ArticleChecked, ArticleWanted, VersionChosen

if TYPE_CHECKING:
    from qa.articles import Article


class About(OptionList):
    """Rows to read, and rows that open an article or compare a version."""

    def __init__(self) -> None:
        super().__init__(id="beside", compact=True, markup=False)
        self._checked: ArticleChecked | None = None

    def show(self, article: Article, checked: ArticleChecked) -> None:
        """Show what is known of ``article``."""
        self._checked = checked
        versions = [f"until {minute(each.replaced.astimezone())}" for each in checked.revisions]
        copies = [
            "" if each.id == article.id else f"{one_line(each.outlet) or 'unknown outlet'} · {day(each.published)}"
            for each in checked.copies
        ]
        similar = [f"{one_line(each.title)}\n  {byline(each)}" for each in checked.similar]
        self.clear_options()
        self.add_options(Option(_fact(name, value), disabled=True) for name, value in facts(article))
        for heading, kind, texts in (
            ("Earlier versions", "version", versions),
            ("Same report", "copy", copies),
            ("Like it", "similar", similar),
        ):
            self.add_options(_group(heading, kind, texts))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask for what was pressed."""
        event.stop()
        kind, _, place = (event.option_id or "").partition("-")
        assert self._checked is not None
        if kind == "version":
            self.post_message(VersionChosen(self._checked.revisions[int(place)]))
        elif kind == "copy":
            self.post_message(ArticleWanted(self._checked.copies[int(place)].id))
        elif kind == "similar":
            self.post_message(ArticleWanted(self._checked.similar[int(place)].id))


def _group(heading: str, kind: str, texts: Sequence[str]) -> Iterator[Option]:
    """A heading with a row for each text that there is."""
    if any(texts):
        yield Option(Content.styled(f"\n{heading}", "bold $foreground-muted"), disabled=True)
    yield from (Option(Content(text), id=f"{kind}-{place}") for place, text in enumerate(texts) if text)


def facts(article: Article) -> Iterator[tuple[str, str]]:
    """What is known of an article beside its words."""
    values = (
        ("outlet", article.outlet),
        ("authors", ", ".join(article.authors)),
        ("published", str(article.published or "")),
        ("updated", str(article.updated or "")),
        ("section", article.section),
        ("place", article.place),
        ("language", article.language),
        ("address", article.url),
        ("read from", article.source),
        ("length", f"{len(article.text.split()):,} words"),
    )
    yield from ((name, one_line(value)) for name, value in values if value)


def _fact(name: str, value: str) -> Content:
    return Content.assemble((f"{name} ", "$foreground-muted"), value)
