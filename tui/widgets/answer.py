"""A settled answer: every sentence with its verdict and its markers, which are stepped through, clicked and opened.

It is drawn from ``Content``, never parsed, so that nothing in it can be taken for markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.selection import Selection
from textual.style import Style
from textual.widgets import Static

from qa.explanations import SIGNS, agreed, faults, graded, hedged, meant
from tui.display import byline, disarm, one_line
from tui.messages import CitationChosen, CitationMarked, TurnChosen
from tui.widgets.blocks import Block, Laid, Paragraph
from tui.widgets.written import Drawn, written

if TYPE_CHECKING:
    from qa.answers import Answer, Disagreement, Sentence, Verdict
    from qa.articles import Article
    from tui.turns import Turn

SUPPORTED = "✓"
"""Stands beside a sentence of a model's that its cited words say; quotes need none, they are those words."""
COLOURS = {"partly supported": "$text-warning", "no citation": "$text-warning"}
"""Of the verdicts that leave something to doubt; the others are errors."""
MARKER, MARKED = "bold $text-accent", "bold reverse $text-accent"
BESIDE = "italic $foreground-muted"


class AnswerText(Static):
    """The answer of a turn. The marker that is stepped to is the turn's, so that it outlives this widget."""

    def __init__(self, turn: Turn) -> None:
        super().__init__(markup=False, classes="answer")
        self.turn = turn
        self._laid: tuple[Answer | None, int | None, Laid] | None = None

    def render(self) -> Laid:
        """The short answer, where articles differ, the sentences; drawn once, since every layout asks for it."""
        answer, marker = self.turn.answer, self.turn.marker
        if self._laid is None or self._laid[0] is not answer or self._laid[1] != marker:
            blocks = [*_Drawing(answer, marker).blocks()] if answer is not None else []
            self._laid = answer, marker, Laid(blocks)
        return self._laid[2]

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What was selected of it, in the lines in which it is seen."""
        return selection.extract(self.render().at(self.size.width).plain), "\n"

    def step(self, by: int) -> None:
        """On to the next marker, or back; the first step is to the first one."""
        markers = self.turn.markers
        if markers:
            before = self.turn.marker if self.turn.marker is not None else -1 if by > 0 else 0
            self.turn.marker = (before + by) % len(markers)
            self.refresh()
            self.post_message(CitationMarked(markers[self.turn.marker]))

    def line_of_marker(self) -> int | None:
        """The line in which the marker that was stepped to stands, as the text is wrapped now."""
        for line in range(self.size.height):
            if any(
                segment.style is not None and segment.style.meta.get("marker") == self.turn.marker
                for segment in self.render_line(line)
            ):
                return line
        return None

    def on_click(self, event: events.Click) -> None:
        """A marker that is clicked opens what it cites."""
        place = event.style.meta.get("marker")
        if place is not None:
            self.turn.marker = place
            self.refresh()
            self.post_message(TurnChosen(self.turn))
            self.post_message(CitationChosen(self.turn.markers[place]))


class _Drawing:
    """One drawing of an answer, in which the markers are counted as they come."""

    def __init__(self, answer: Answer, marked: int | None) -> None:
        self.answer = answer
        self._places = 0
        self._marked = marked
        self._cited = {each.number: each.article for each in answer.citations}

    def blocks(self) -> Iterator[Block]:
        """The short answer, each disagreement, the sentences."""
        answer = self.answer
        if not answer.sentences:
            yield Paragraph(Content(one_line(answer.reason)))
            return
        if answer.short:
            hedge = hedged(answer)
            sure = f"  — {graded(answer.short_confidence)}" if answer.short_confidence else ""
            short = (hedge, BESIDE), (one_line(answer.short), "" if hedge else "bold")
            yield Paragraph(Content.assemble(*short, (sure, BESIDE)))
        yield from (self._differing(each) for each in answer.disagreements)
        if answer.mode == "extractive":
            yield from (Paragraph(self._drawn(each, self._cited).whole) for each in answer.sentences)
        else:
            yield from written(answer.sentences, self._drawn)

    def _differing(self, disagreement: Disagreement) -> Block:
        sides = (
            Content.assemble(
                one_line(side.said), " ", self._marker(side.citation),
                (f", {byline(self._cited[side.citation], ', ')}", BESIDE),
            )
            for side in disagreement.sides
        )  # fmt: skip
        heading = Content(f"The articles differ on {one_line(disagreement.about)}: ")
        return Paragraph(heading + Content(" · ").join(sides), Content.styled("≠ ", "bold $text-warning"))

    def _drawn(self, sentence: Sentence, cited: Mapping[int, Article] | None = None) -> Drawn:
        """A sentence: of a model's, its verdict, and what of it does not fit; of a quote, from where it is."""
        text = disarm(sentence.text) if "\n" in sentence.text else one_line(sentence.text)
        markers = [self._marker(number) for number in sentence.citations]
        markers += [Content(one_line(f"[{marker}?]")) for marker in sentence.unresolved]
        beside = [Content("").join(markers)] if markers else []
        where = ""
        if cited is None:
            beside.append(_verdict(sentence.verdict))
        else:
            where = "".join(byline(cited[number], ", ") for number in sentence.citations[:1])
        origins = " · ".join(filter(None, (where, agreed(sentence))))
        why = one_line(faults(sentence)) if cited is None else ""
        told = (f"({why})" if why else "", one_line(meant(sentence)), f"— {origins}" if origins else "")
        return Drawn(Content(text), Content(" ").join(beside), Content.styled(" ".join(filter(None, told)), BESIDE))

    def _marker(self, number: int) -> Content:
        place, self._places = self._places, self._places + 1
        look = MARKED if place == self._marked else MARKER
        return Content.styled(f"[{number}]", look).stylize(Style.from_meta({"marker": place}))


def _verdict(verdict: Verdict) -> Content:
    """A sign where the cited words say it; where they do not, sign and verdict."""
    if verdict not in SIGNS:
        return Content.styled(SUPPORTED, "$text-success")
    return Content.styled(f"{SIGNS[verdict]} {verdict}", f"bold {COLOURS.get(verdict, '$text-error')}")
