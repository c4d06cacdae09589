"""A settled answer: every sentence with its verdict and its markers, which are stepped through, clicked and opened.

It is drawn from ``Content``, never parsed, so that nothing in it can be taken for markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from qa.explanations import SIGNS, agreed, faults, graded, meant
from tui.display import byline, disarm, one_line
from tui.messages import CitationChosen, CitationMarked, TurnChosen

if TYPE_CHECKING:
    from qa.answers import Answer, Disagreement, Sentence
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
        self.numbers: list[int] = []

    def render(self) -> Content:
        """The short answer and where articles differ, where there is one; then the sentences."""
        answer = self.turn.answer
        if answer is None:
            return Content("")
        drawing = _Drawing(answer, self.turn.marker)
        content = Content("\n\n").join(drawing.blocks())
        self.numbers = drawing.numbers
        return content

    def step(self, by: int) -> None:
        """On to the next marker, or back; the first step is to the first one."""
        self.render()
        if self.numbers:
            before = self.turn.marker if self.turn.marker is not None else -1 if by > 0 else 0
            self.turn.marker = (before + by) % len(self.numbers)
            self.refresh(layout=True)
            self.post_message(CitationMarked(self.numbers[self.turn.marker]))

    @property
    def current(self) -> int | None:
        """The citation whose marker was stepped to."""
        self.render()
        place = self.turn.marker
        return self.numbers[place] if place is not None and place < len(self.numbers) else None

    def line_of_marker(self) -> int | None:
        """The line in which that marker stands, as the text is wrapped now."""
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
            self.post_message(CitationChosen(self.numbers[place]))


class _Drawing:
    """One drawing of an answer, in which the markers are numbered as they come."""

    def __init__(self, answer: Answer, marked: int | None) -> None:
        self.answer = answer
        self.numbers: list[int] = []
        self._marked = marked
        self._cited = {each.number: each.article for each in answer.citations}

    def blocks(self) -> Iterator[Content]:
        """What is parted by empty lines."""
        answer = self.answer
        if not answer.sentences:
            yield Content(one_line(answer.reason))
            return
        if answer.short:
            sure = f"  — {graded(answer.short_confidence)}" if answer.short_confidence else ""
            yield Content.assemble((one_line(answer.short), "bold"), (sure, BESIDE))
        yield from (self._differing(each) for each in answer.disagreements)
        if answer.mode == "extractive":
            yield from (self._sentence(each, self._cited) for each in answer.sentences)
        else:
            yield self._prose(answer.sentences)

    def _prose(self, sentences: Sequence[Sentence]) -> Content:
        """The sentences of a model in its paragraphs, lists and tables."""
        parts: list[Content] = []
        item = False
        for each in sentences:
            *lines, bullet = each.opening.split("\n")
            shown = "• " if bullet.strip() == "-" else f"{one_line(bullet)} " if bullet.strip() else ""
            parted = "\n".join(disarm(line) for line in lines) + "\n" if lines else " "
            if item and shown and not parted.strip():
                parted = "\n"
            item = bool(shown) if lines else item
            parts += [Content(parted if parts else parted.lstrip("\n ")), Content(shown), self._sentence(each)]
        return Content("").join(parts)

    def _differing(self, disagreement: Disagreement) -> Content:
        sides = (
            Content.assemble(
                one_line(side.said), " ", self._marker(side.citation),
                (f", {byline(self._cited[side.citation], ', ')}", BESIDE),
            )
            for side in disagreement.sides
        )  # fmt: skip
        heading = Content.assemble(
            ("≠ ", "bold $text-warning"), f"The articles differ on {one_line(disagreement.about)}: "
        )
        return heading + Content(" · ").join(sides)

    def _sentence(self, sentence: Sentence, cited: Mapping[int, Article] | None = None) -> Content:
        text = disarm(sentence.text) if "\n" in sentence.text else one_line(sentence.text)
        parts: list[Content] = [Content(text)]
        markers = [self._marker(number) for number in sentence.citations]
        markers += [Content(one_line(f"[{marker}?]")) for marker in sentence.unresolved]
        parts += [Content("").join(markers)] if markers else []
        if cited is None:
            parts.append(_verdict(sentence))
        where = [byline(cited[number], ", ") for number in sentence.citations[:1]] if cited else []
        origins = " · ".join(filter(None, (*where, agreed(sentence))))
        beside = " ".join(filter(None, (one_line(meant(sentence)), f"— {origins}" if origins else "")))
        parts += [Content.styled(beside, BESIDE)] if beside else []
        return Content(" ").join(parts)

    def _marker(self, number: int) -> Content:
        place = len(self.numbers)
        self.numbers.append(number)
        look = MARKED if place == self._marked else MARKER
        return Content.styled(f"[{number}]", look).stylize(Style.from_meta({"marker": place}))


def _verdict(sentence: Sentence) -> Content:
    """A sign where the cited words say it; where they do not, sign, verdict and what does not fit."""
    why = one_line(faults(sentence))
    if sentence.verdict not in SIGNS:
        return Content.assemble((SUPPORTED, "$text-success"), (f" ({why})" if why else "", BESIDE))
    told = f"{SIGNS[sentence.verdict]} {sentence.verdict}"
    colour = COLOURS.get(sentence.verdict, "$text-error")
    return Content.assemble((told, f"bold {colour}"), (f" ({why})" if why else "", BESIDE))
