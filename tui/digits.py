"""Numbers that are typed digit by digit, so that citation 12 can be opened by its two keys."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

MOMENT = 0.4
"""Seconds in which another digit belongs to the number."""


class Typed(NamedTuple):
    """What stands for a number so far; ``open`` while another digit would make another one."""

    digits: str
    open: bool

    @property
    def number(self) -> int:
        """The number."""
        return int(self.digits)


def typed(before: str, digit: int, numbers: Collection[int]) -> Typed:
    """``digit`` behind those typed a moment ago, where that begins one of ``numbers``, else alone."""
    known = [str(each) for each in numbers]
    digits = f"{before}{digit}"
    if not any(each.startswith(digits) for each in known):
        digits = str(digit)
    return Typed(digits, any(each.startswith(digits) and each != digits for each in known))
