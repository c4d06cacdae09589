"""The one pass in which a model mends the sentences that failed their check.

Invariant: a sentence is replaced only by one whose verdict is better, and keeps what was written first (``written``);
nothing is dropped, whatever the model replies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from qa.answers import GOOD
from qa.answers.checking import Judged
from qa.answers.markers import Claim, is_block, parse
from qa.answers.prompts import CANNOT, repair_prompt
from qa.explanations import fault
from qa.verification.words import is_english, words

_LINE = re.compile(r"^[\s*>-]*\[?(\d{1,3})\]?[*\s]*[:.)][*\s]*(.+)$")


def repair_request(judged: Sequence[Judged]) -> str | None:
    """What the model is asked, None where nothing failed in English: of other languages the check knows too little."""
    failed = [
        (place, each)
        for place, each in enumerate(judged, 1)
        if each.verdict not in GOOD
        and not is_block(each.claim.text)
        and is_english(each.claim.text, words(each.claim.text))
    ]
    if not failed:
        return None
    return repair_prompt([(place, each.claim.text, _markers(each), _why(each)) for place, each in failed])


def mended(reply: str, judged: Sequence[Judged], check: Callable[[Claim, str], Judged]) -> list[Judged]:
    """The sentences with what the reply made better, by the same ``check`` that found them wanting."""
    better = list(judged)
    for line in reply.splitlines():
        found = _LINE.match(line)
        place = int(found[1]) - 1 if found else -1
        if not found or not 0 <= place < len(judged) or judged[place].verdict in GOOD or CANNOT in found[2]:
            continue
        claims = parse(found[2])
        if len(claims) != 1:
            continue
        before = better[place - 1].claim.text if place else ""
        old = judged[place]
        if (claims[0].text, claims[0].markers) == (old.claim.text, old.claim.markers):
            continue
        new = check(replace(claims[0], opening=old.claim.opening), before)
        if new.rank > better[place].rank:
            better[place] = replace(new, written=old.claim.text)
    return better


def _markers(judged: Judged) -> str:
    return "".join(f"[{name}]" for name in judged.claim.markers)


def _why(judged: Judged) -> str:
    why = "; ".join(fault(each, judged.claim.text) for each in judged.reasons)
    if judged.verdict == "no citation" and not judged.unresolved:
        return "It cites no evidence, and none was found that says so."
    if judged.unresolved:
        why = "; ".join(filter(None, (f"there is no evidence {', '.join(judged.unresolved)}", why)))
    return f"{judged.verdict.capitalize()}" + (f": {why}." if why else ".")
