"""What a model has written so far: how much of it may be shown, and which of its sentences are whole.

Invariants: what was shown once is never taken back but by the end, when the whole answer is shown anew; a marker is
held back until it is whole, half a character until the other half is there, the beginning until it is known not to
abstain; a model's thoughts (``<think>``) are no answer.
"""

from __future__ import annotations

import re

from qa.answers.markers import Claim, find_markers, parse, readable, unfinished
from qa.answers.prompts import ABSTAINS

_OPENING = " \t\r\n*_`\"'#>"
_ABSTAINS = re.compile(rf"[{re.escape(_OPENING)}]*{ABSTAINS}\b[*_`\"'.:]*")
_THOUGHT = re.compile(r"\s*<think>.*?(?:</think>\s*|\Z)", re.DOTALL)
_ENDS = re.compile(r"[.!?。！？…:\n\]】)]")
"""What a delta holds where it may have ended a sentence."""


def without_thoughts(text: str) -> str:
    """A reply without the thoughts that some models put in front of it."""
    return _THOUGHT.sub("", text, count=1) if text.lstrip().startswith("<think>") else text


class Draft:
    """The text of one answer, fed as it comes.

    Markers are shown with the numbers that the finished answer will most likely give them: in the order in which
    they first come, ``[7?]`` for evidence that does not exist. ``evidence``: how many sentences there are.
    """

    def __init__(self, evidence: int) -> None:
        self._evidence = evidence
        self._written = ""
        self._shown = 0
        self._numbers: dict[str, int] = {}
        self._settled: list[Claim] = []
        self._ended = False

    @property
    def text(self) -> str:
        """All that was written, without thoughts."""
        return readable(without_thoughts(self._written)).lstrip()

    @property
    def complete(self) -> str:
        """The text without a marker that broke off, nothing if it abstains."""
        return "" if self._undecided else self.text[: self._whole]

    @property
    def settled(self) -> list[Claim]:
        """The sentences behind which another one has begun. What follows may still change the last of them."""
        return self._settled

    @property
    def thought(self) -> bool:
        """Whether all that was written are thoughts."""
        return bool(self._written.strip()) and not self.text

    @property
    def abstains(self) -> bool:
        """Whether the model says that the evidence does not answer."""
        return bool(_ABSTAINS.match(self.text))

    @property
    def reason(self) -> str:
        """What the model says is missing, its first sentence; empty if it does not say."""
        claims = parse(_ABSTAINS.sub("", self.text, count=1))
        return f"The articles do not say. {claims[0].text}" if claims else ""

    @property
    def _whole(self) -> int:
        """Where the text ends that more text cannot change: before a marker or half a character."""
        text = self.text
        half = "\ud800" <= self._written[-1:] <= "\udbff"
        return len(text) - 1 if half else len(text) - unfinished(text)

    @property
    def _undecided(self) -> bool:
        start = self._written.lstrip()
        opening = self.text.lstrip(_OPENING)
        return "<think>".startswith(start) or ABSTAINS.startswith(opening) or self.abstains

    def feed(self, delta: str) -> str:
        """Take in more, return what may now be shown."""
        self._written += delta
        if self._undecided:
            return ""
        ends = _ENDS.search(delta) is not None
        if ends or self._ended:  # a sentence is whole when the next one begins
            self._settled = parse(self.complete)[:-1]
        self._ended = ends or (self._ended and not delta.strip())
        return self._show(self._whole)

    def rest(self) -> str:
        """What was held back, at the end of the stream."""
        return self._show(len(self.text))

    def _show(self, end: int) -> str:
        text, last, shown = self.text, self._shown, ""
        for marker in find_markers(text):
            if self._shown <= marker.start and marker.end <= end:
                shown += text[last : marker.start] + "".join(map(self._numbered, marker.names))
                last = marker.end
        shown += text[last:end]
        self._shown = max(end, self._shown)
        return shown

    def _numbered(self, name: str) -> str:
        if name.isdigit() and 1 <= int(name) <= self._evidence:
            return f"[{self._numbers.setdefault(name, len(self._numbers) + 1)}]"
        return f"[{name}?]"
