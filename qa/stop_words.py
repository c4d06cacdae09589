"""Words that say nothing about what a question is about: as stems, which the word index knows, and as they stand."""

from __future__ import annotations

import re

STOP_WORDS = frozenset(
    """a about after all also an and ani any anyon are as at be becaus been befor being between both but by can could
    did do doe does doing dure each ever few for from further had has hav have having he her here herself him himself
    his how i if in into is it itself its just like made make mani many me more most much my no nor not now of off on
    onc one only or other our out over own pleas pleas s said same say she should so some somebodi someon someth such
    t tell than that the their them then there these they thi this those through to too under until up us use veri
    was we were what when where which while who whom whose whi why will with would you your accord happen articl
    news report know""".split()
)
"""Stems that say nothing about what a question is about."""

_AS_WRITTEN = frozenset(
    """any anyone because before during once please somebody someone something this very according happened happen
    happens articles article reports reported knows known another information based considering individual said says
    regarding was were first come came did does wasn isn didn doesn""".split()
)


def content_words(text: str) -> list[str]:
    """The words of a text that say what it is about, as written, in their order."""
    words = re.findall(r"\w+(?:[’'-]\w+)*", text)
    return [word for word in words if not {word.lower(), word.lower().split("’")[0]} & (STOP_WORDS | _AS_WRITTEN)]
