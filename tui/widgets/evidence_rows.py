"""The rows of the evidence: what an answer cites, in its passage; what else was found; who printed the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets.option_list import Option

from qa.explanations import age, found_for, why
from tui.display import byline, count, holds, one_line, origin

if TYPE_CHECKING:
    from qa.answers import Citation
    from qa.articles import Article
    from qa.catalog import Copy
    from qa.config import RankingSection
    from qa.passages import Passage
    from tui.turns import Turn

QUOTED = 400
"""Characters of a quote that are listed; the reader has the whole."""
BEFORE, AFTER = 60, 90
"""Characters of its passage that stand around a quote."""
OPENING = 140
"""Characters of a passage that are listed."""
TITLE = 160
"""Characters of a title, or of an outlet, that are listed."""
INDENT = 4
"""Columns in which the number of a citation stands."""
MUTED = "$foreground-muted"
COPIES = "copies"
"""The meta of what opens the list of copies when it is clicked; it holds the article's id."""


class Hanging(Visual):
    """Text beside a sign in front of its first line, with so many empty lines ``below``."""

    def __init__(self, sign: Content, text: Content, below: int = 1, indent: int = INDENT) -> None:
        self.sign, self.text, self.below = sign, text, below
        self.indent = max(indent, sign.cell_length)

    def __str__(self) -> str:
        return str(self.sign).ljust(self.indent) + str(self.text)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """As wide as the text is."""
        return self.indent + self.text.get_optimal_width(rules, container_width)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """As high as the text is beside the sign, and what is empty below it."""
        return self.text.get_height(rules, max(width - self.indent, 1)) + self.below

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """The sign, then the text beside it."""
        del height  # whoever asks crops them
        strips = self.text.render_strips(max(width - self.indent, 1), None, style, options)
        first = self.sign.render_strips(self.indent, 1, style, options)
        blank = Strip([Segment(" " * self.indent, style.rich_style)], self.indent)
        beside = [each.adjust_cell_length(self.indent, style.rich_style) for each in first]
        lines = [Strip.join([beside[0] if not n and beside else blank, strip]) for n, strip in enumerate(strips)]
        return lines + [Strip.blank(width, style.rich_style)] * self.below


class Row(Option):
    """A row that can be opened; ``target`` is what it stands for, ``article`` the id of the article it belongs to."""

    def __init__(self, prompt: Hanging | Content, target: Citation | Passage | Copy, article: str, id: str) -> None:  # noqa: A002
        super().__init__(prompt, id=id)
        self.target = target
        self.article = article


def rows_of(turn: Turn, weights: RankingSection | None = None, opened: Collection[str] = ()) -> list[Option]:
    """Citations by number, then the passages that no citation lies in, best first.

    With the ``weights`` of the ranking, why each was found; below the articles in ``opened``, their copies.
    """
    return [*_Rows(turn, weights, opened).rows()]


class _Rows:
    """One making of the rows of a turn."""

    def __init__(self, turn: Turn, weights: RankingSection | None, opened: Collection[str]) -> None:
        self.turn, self.weights, self.opened = turn, weights, opened
        self._now = turn.asked.now if turn.asked is not None else None
        self._copies = copies_in(turn)
        self._differing = _differing(turn)
        self._listed: set[str] = set()

    def rows(self) -> Iterator[Option]:
        turn = self.turn
        cited = turn.citations
        others = [
            (n, each) for n, each in enumerate(turn.passages) if not any(holds(each, citation) for citation in cited)
        ]
        if cited:
            yield _heading("Cited", len(cited))
        before = None
        for each in cited:
            same = before is not None and before == each.article.id
            before = each.article.id
            yield Row(self._cited(each, same=same), each, each.article.id, f"citation-{each.number}")
            yield from self._folded(each.article, f"citation-{each.number}")
        if others:
            abstained = turn.answer is not None and turn.answer.abstained
            yield _heading("Also found" if cited else "Nearest" if abstained else "Found", len(others))
        for n, passage in others:
            yield Row(self._found(n, passage), passage, passage.article.id, f"passage-{n}")
            yield from self._folded(passage.article, f"passage-{n}")

    def _cited(self, citation: Citation, *, same: bool) -> Hanging:
        """``same``: the row before is of the same article, whose title need not be said again."""
        found = next((n for n, each in enumerate(self.turn.passages) if holds(each, citation)), None)
        passage = self.turn.passages[found] if found is not None else None
        lines = [] if same else [self._title(citation.article)]
        lines += [*self._printed(citation.article), quoted(citation, passage)]
        if differs := self._differing.get(citation.number):
            lines.append(Content.styled(f"≠ {differs}", "$text-warning"))
        lines += self._reasons(found)
        return Hanging(Content.styled(f"[{citation.number}]", "bold $text-accent"), Content("\n").join(lines))

    def _found(self, index: int, passage: Passage) -> Hanging:
        opening = Content.styled(shortened(passage.text, OPENING), MUTED)
        lines = [self._title(passage.article), *self._printed(passage.article), opening, *self._reasons(index)]
        return Hanging(Content(""), Content("\n").join(lines))

    def _title(self, article: Article) -> Content:
        return Content.styled(shortened(article.title, TITLE) or "Untitled", "bold")

    def _printed(self, article: Article) -> Iterator[Content]:
        """Outlet, day and age; how many outlets share its origin, to be pressed."""
        aged = age(article.published, self._now) if self._now is not None else ""
        yield Content.styled(" · ".join(filter(None, (_named(article), aged))), MUTED)
        if shared := origin(self._copies.get(article.id, ())):
            sign = "▾" if article.id in self.opened else "▸"
            yield Content.styled(f"{sign} {shared}", MUTED).stylize(Style.from_meta({COPIES: article.id}))

    def _reasons(self, index: int | None) -> Iterator[Content]:
        """Which part it was found for; why it was found, or why it does not do."""
        if index is None:
            return
        turn, passage = self.turn, self.turn.passages[index]
        absence = turn.answer.absence if turn.answer is not None else None
        if absence is not None and index < len(absence.near):
            told = f"does not do: {absence.near[index]}"
        else:
            known = self.weights is not None and self._now is not None
            told = why(passage, self.weights, self._now) if known else ""  # type: ignore[arg-type]
        yield from (Content.styled(one_line(each), MUTED) for each in (found_for(passage, turn.asked), told) if each)

    def _folded(self, article: Article, above: str) -> Iterator[Row]:
        """The copies of an article, once, where they are opened; a title that is not the article's is told."""
        if article.id not in self.opened or article.id in self._listed:
            return
        self._listed.add(article.id)
        copies = [each for each in self._copies.get(article.id, ()) if each.id != article.id]
        for n, copy in enumerate(copies, 1):
            text = Content(_named(copy))
            if copy.title != article.title:
                text = Content("\n").join([text, Content.styled(shortened(copy.title, TITLE) or "Untitled", MUTED)])
            sign = Content.styled("    ≈ ", MUTED)
            yield Row(Hanging(sign, text, below=int(n == len(copies))), copy, article.id, f"copy-{n}-{above}")


def copies_in(turn: Turn) -> dict[str, tuple[Copy, ...]]:
    """The near-copies of each article that was found, by its id."""
    return {passage.article.id: passage.copies for passage in turn.passages if len(passage.copies) > 1}


def quoted(citation: Citation, passage: Passage | None) -> Content:
    """The cited words inside their passage, which is quieter; without one, inside their paragraph."""
    text = citation.article.text
    if passage is not None:
        first, last = passage.start, passage.end
    else:
        first = text.rfind("\n", 0, citation.start) + 1
        last = text.find("\n", citation.end)
        last = last if last >= 0 else len(text)
    before = _tail(text[first : citation.start]) if first < citation.start else ""
    after = _head(text[citation.end : last]) if citation.end < last else ""
    words = shortened(text[citation.start : citation.end], QUOTED)
    return Content.assemble((before, MUTED), words, ("" if words.endswith(" …") else after, MUTED))


def _tail(text: str) -> str:
    """The end of what stands before, with the blank that parts it."""
    blank = " " if text[-1:].isspace() else ""
    told = one_line(text[-4 * BEFORE :])
    if len(told) <= BEFORE and len(text) <= 4 * BEFORE:
        return told + blank
    return f"… {told[-BEFORE:].partition(' ')[2]}{blank}" if told else ""


def _head(text: str) -> str:
    """The beginning of what follows."""
    blank = " " if text[:1].isspace() else ""
    told = shortened(text[: 4 * AFTER], AFTER)
    return blank + told if told else ""


def _named(printed: Article | Copy) -> str:
    return shortened(byline(printed), TITLE)


def shortened(text: str, limit: int) -> str:
    """A line of at most so many characters, whole words."""
    text = one_line(text)
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " …"


def nothing(turn: Turn | None) -> str:
    """What stands where there is no evidence."""
    if turn is None:
        return "The words that an answer rests on are listed here, each with its outlet, its day and why it was found."
    if turn.state == "waiting":
        return "Nothing has been searched yet."
    searched = f" in {count(turn.articles, 'article')}" if turn.articles else ""
    if turn.running:
        return f"Searching{searched} …"
    if turn.state == "failed":
        return f"Nothing had been found when it failed: {shortened(turn.error, QUOTED)}"
    if turn.state == "stopped":
        return "Nothing had been found when it was stopped."
    return f"Nothing was found{searched}."


def _differing(turn: Turn) -> dict[int, str]:
    """What each citation says otherwise than others: ``says nine; others say twenty-eight``."""
    told: dict[int, list[str]] = {}
    for each in turn.answer.disagreements if turn.answer is not None else ():
        for side in each.sides:
            said = dict.fromkeys(one_line(other.said) for other in each.sides if other.said != side.said)
            others = f"; others say {', '.join(said)}" if said else ""
            told.setdefault(side.citation, []).append(f"says {one_line(side.said)}{others}")
    return {number: " · ".join(lines) for number, lines in told.items()}


def _heading(text: str, number: int) -> Option:
    return Option(Content.styled(f"{text} · {number}", f"bold {MUTED}"), disabled=True)
