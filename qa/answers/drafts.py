"""What a model has written so far: how much of it may be shown, and which of its sentences are whole.

Invariants: what was shown once is never taken back but by the end, when the whole answer is shown anew; a marker is
held back until it is whole, half a character until the other half is there, the beginning until it is known not to
abstain; a model's thoughts (``<think>``) are no answer. Thoughts of which only the end is marked are known by it alone;
what was shown of them goes with the end.
"""

from __future__ import annotations

import re

from qa.answers.markers import Claim, find_markers, parse, readable, unfinished
from qa.answers.prompts import ABSTAINS

_OPENING = " \t\r\n*_`\"'#>-([“„«"
_ABSTAINS = re.compile(rf"[{re.escape(_OPENING)}]*{ABSTAINS.replace(' ', '[ _]+')}\b[*_`\"'.:)\]”“»]*")
THOUGHT, THOUGHT_ENDS = "<think>", "</think>"
_THOUGHT = re.compile(rf"\s*{THOUGHT}.*?(?:{THOUGHT_ENDS}\s*|\Z)", re.DOTALL)
OPENING = 40
"""Characters in which it shows whether an answer abstains."""
BEHIND = 60
"""Characters behind what was shown that tell whether a number is a marker."""
LONGEST_CODE = 80
"""Characters of code within a line that are held back until it ends: what looks like a marker in it is none."""
_ENDS = re.compile(r"[.!?。！？…:\n\]】)]")
"""What a delta holds where it may have ended a sentence."""


def without_thoughts(text: str) -> str:
    """A reply without the thoughts that some models put in front of it."""
    text = _THOUGHT.sub("", text, count=1) if text.lstrip().startswith(THOUGHT) else text
    return text.rpartition(THOUGHT_ENDS)[2].lstrip() if THOUGHT_ENDS in text else text


def _parts(text: str, place: int) -> bool:
    """Whether an empty line parts what may be parsed apart.

    It stands in no code, nor between code and the sentence that this opens, and no marker stands alone below it.
    """
    if text[:place].rstrip().endswith(("```", "~~~")) or _ALONE.match(text, place) is not None:
        return False
    return len(_FENCE.findall(text, 0, place)) % 2 == 0


_FENCE = re.compile(r"^[ \t]*(?:```+|~~~+)", re.MULTILINE)
_ALONE = re.compile(r"\s*(?:[\[【［(|`~]|\Z)")


class Draft:
    """The text of one answer, fed as it comes.

    Markers are shown with the numbers that the finished answer will most likely give them: in the order in which
    they first come, ``[7?]`` for evidence that does not exist. ``evidence``: how many sentences there are.
    ``text`` is all that was written, without thoughts; ``written`` counts the characters of both.
    """

    def __init__(self, evidence: int) -> None:
        self.text = ""
        self.written = 0
        self._evidence = evidence
        self._begun = ""
        self._thinking: bool | None = None
        self._half = ""
        self._shown = 0
        self._squared = False
        self._numbers: dict[str, int] = {}
        self._settled: list[Claim] = []
        self._fixed: list[Claim] = []
        self._fixed_to = 0
        self._changed = False
        self._ended = False

    @property
    def complete(self) -> str:
        """The text without a marker that broke off, nothing if it abstains."""
        return "" if self._undecided else self.text[: self._whole]

    @property
    def settled(self) -> list[Claim]:
        """The sentences behind which another one has begun. What follows may still change the last of them.

        What stands before the last paragraph but one is fixed, and never parsed again.
        """
        if self._changed:
            self._changed = False
            self._fix()
            self._settled = (self._fixed + self._parsed(self._fixed_to, self._whole))[:-1]
        return self._settled

    def _parsed(self, start: int, end: int) -> list[Claim]:
        return parse(self.text[start:end], squared=self._squared_before(start))

    def _squared_before(self, start: int) -> bool:
        return any(self.text[each.start : each.end].strip()[0] in "[【［" for each in find_markers(self.text[:start]))

    def _fix(self) -> None:
        """Fix what no more text can change: whole paragraphs, with another one begun behind the next."""
        text = self.text
        ends = text.rfind("\n\n", self._fixed_to, max(text.rfind("\n\n"), self._fixed_to))
        while ends > self._fixed_to and not _parts(text, ends):
            ends = text.rfind("\n\n", self._fixed_to, ends)
        if ends > self._fixed_to:
            self._fixed += self._parsed(self._fixed_to, ends)
            self._fixed_to = ends

    @property
    def thought(self) -> bool:
        """Whether all that was written are thoughts."""
        return bool(self.written) and not self.text.strip()

    @property
    def abstains(self) -> bool:
        """Whether the model says that the evidence does not answer. One who goes on and cites something answers."""
        found = _ABSTAINS.match(self.text)
        return found is not None and not any(find_markers(self.text[found.end() :]))

    @property
    def reason(self) -> str:
        """What the model says is missing; empty if it does not say."""
        claims = parse(_ABSTAINS.sub("", self.text, count=1))
        return " ".join(("The articles do not say.", *(each.text for each in claims))) if claims else ""

    @property
    def _whole(self) -> int:
        """Where the text ends that more text cannot change: before a marker in the making."""
        return len(self.text) - unfinished(self.text)

    @property
    def _undecided(self) -> bool:
        return self._thinking is not False or ABSTAINS.startswith(self.text[:OPENING].lstrip(_OPENING)) or self.abstains

    def feed(self, delta: str) -> str:
        """Take in more, return what may now be shown."""
        self.written += len(delta)
        new = self._spoken(delta)
        self.text = (self.text + new) if self.text else new.lstrip()
        if THOUGHT_ENDS in self.text[-len(new) - len(THOUGHT_ENDS) :]:
            self._forget()
        if self._undecided:
            return ""
        ends = _ENDS.search(new) is not None
        self._changed = self._changed or ends or self._ended  # a sentence is whole when the next one begins
        self._ended = ends or (self._ended and not new.strip())
        return self._show(min(self._whole, self._open_code))

    @property
    def _open_code(self) -> int:
        """Where code within the last line begins that has not ended yet, else the end."""
        line = self.text[self.text.rfind("\n") + 1 :]
        held = len(line) - line.rfind("`") if line.count("`") % 2 else 0
        return len(self.text) - (held if held <= LONGEST_CODE else 0)

    def _forget(self) -> None:
        """Drop what turns out to be thoughts."""
        self.text = self.text.rpartition(THOUGHT_ENDS)[2].lstrip()
        self._shown = self._fixed_to = 0
        self._fixed, self._settled, self._numbers, self._squared = [], [], {}, False

    def rest(self) -> str:
        """What was held back, at the end of the stream."""
        self.text += readable(self._half)
        return self._show(len(self.text))

    def _spoken(self, delta: str) -> str:
        """What of a delta is no thought: without what moves a cursor, half a character kept for its other half."""
        if self._thinking is not False:
            self._begun += delta
            opening = self._begun.lstrip()
            if self._thinking is None and len(opening) < len(THOUGHT) and THOUGHT.startswith(opening):
                return ""
            self._thinking = opening.startswith(THOUGHT)
            if self._thinking:
                before, end, behind = self._begun.partition(THOUGHT_ENDS)
                if not end:
                    self._begun = THOUGHT + before[-len(THOUGHT_ENDS) :]  # nobody reads thoughts again
                    return ""
                self._begun, self._thinking = behind, False
            delta, self._begun = self._begun, ""
        delta, self._half = self._half + delta, ""
        if "\ud800" <= delta[-1:] <= "\udbff":
            delta, self._half = delta[:-1], delta[-1]
        return readable(delta)

    def _show(self, end: int) -> str:
        text, last, shown = self.text, self._shown, ""
        start = self._fixed_to if "`" in text[self._fixed_to :] else max(self._fixed_to, self._shown - BEHIND)
        for marker in find_markers(text[start:], squared=self._squared and bool(start)):
            first, behind = start + marker.start, start + marker.end
            if self._shown <= first and behind <= end:
                shown += text[last:first] + "".join(map(self._numbered, marker.names))
                last = behind
                self._squared = self._squared or text[first:behind].strip()[0] in "[【［"
        shown += text[last:end]
        self._shown = max(end, self._shown)
        return shown

    def _numbered(self, name: str) -> str:
        if name.isdigit() and 1 <= int(name) <= self._evidence:
            return f"[{self._numbers.setdefault(name, len(self._numbers) + 1)}]"
        return f"[{name}?]"
