"""A turn as it is stored: what is not the default, so that a turn of an earlier version reads as one of today.

Articles stand apart (``key_of``), once for each version, since turns share them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, astuple
from dataclasses import fields as dataclass_fields
from datetime import datetime
from typing import Any

from qa.answers import Absence, Answer, Citation, Disagreement, Sentence, Side
from qa.articles import Article
from qa.catalog import copy_from_row, copy_row
from qa.models import Usage
from qa.passages import Passage
from qa.questions import Inference, Question, Window, parse_when
from qa.ranking import Signals
from qa.verification import Finding


def key_of(article: Article) -> str:
    """Tells a version of an article from its others, and from the same words in another file."""
    return f"{article.id}-{article.digest}"


def turn_fields(answer: Answer) -> dict[str, Any]:
    """An answer as JSON can hold it; ``turn_from_fields`` reads it back."""
    return {
        "question": answer.question,
        "mode": answer.mode,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "short": answer.short,
        "sentences": [_sentence_fields(each) for each in answer.sentences],
        "citations": [{"article": key_of(c.article), "start": c.start, "end": c.end} for c in answer.citations],
        "passages": [_passage_fields(passage) for passage in answer.passages],
        "confidence": answer.confidence,
        "short_confidence": answer.short_confidence,
        "disagreements": [[d.about, [[side.said, side.citation] for side in d.sides]] for d in answer.disagreements],
        "absence": None if answer.absence is None else [answer.absence.articles, answer.absence.near],
        "asked": None if answer.asked is None else _question_fields(answer.asked),
        "model": answer.model,
        "timings": dict(answer.timings),
        **{name: value for name in _WRITTEN if (value := getattr(answer, name))},
        **({"usage": asdict(answer.usage)} if answer.usage is not None else {}),
    }


_WRITTEN = ("server", "prompts", "revision", "incomplete")
"""What only an answer of a model's has."""


def _sentence_fields(sentence: Sentence) -> list[Any]:
    """The fields in their order, as far as there are; what a model's sentence has beside them comes last."""
    fields = [getattr(sentence, name) for name in _SENTENCE]
    defaults = {each.name: each.default for each in dataclass_fields(Sentence)}
    more = {name: value for name in _CHECKED if (value := getattr(sentence, name)) != defaults[name]}
    if more.get("reasons"):
        more["reasons"] = [astuple(each) for each in sentence.reasons]
    return [*fields, more] if more else fields


def _sentence(fields: list[Any]) -> Sentence:
    *known, last = fields
    more = dict(last) if isinstance(last, dict) else {}
    values = dict(zip(_SENTENCE, known if more else fields, strict=False))
    values |= {name: tuple(values[name]) for name in ("citations", "unresolved")}
    if "reasons" in more:
        more["reasons"] = tuple(Finding(*each) for each in more["reasons"])
    return Sentence(**values, **more)


_SENTENCE = ("text", "citations", "verdict", "unresolved", "means", "origins")
_CHECKED = ("reasons", "score", "corrected", "written", "opening")


def _passage_fields(passage: Passage) -> dict[str, Any]:
    names = ("id", "start", "end", "score", "meaning", "words", "freshness")
    more = {
        "copies": [copy_row(copy) for copy in passage.copies],
        "signals": {name: value for name, value in asdict(passage.signals).items() if value},
        "parts": passage.parts,
    }
    return {
        "article": key_of(passage.article),
        **{name: getattr(passage, name) for name in names},
        **{name: value for name, value in more.items() if value},
    }


def _question_fields(question: Question) -> dict[str, Any]:
    fields = {
        **{name: getattr(question, name) for name in ("text", "as_of", "kind", "target", "standalone", "newest")},
        **{name: getattr(question, name) for name in _TUPLES},
        "now": question.now.isoformat(),
        "since": question.since and question.since.isoformat(),
        "until": question.until and question.until.isoformat(),
        "inferences": [[each.what, each.words, each.meaning] for each in question.inferences],
        "limits": None if question.limits == Window() else astuple(question.limits),
        "focus": question.focus and astuple(question.focus),
        "parts": [_question_fields(part) for part in question.parts],
    }
    return {name: value for name, value in fields.items() if value}


_TUPLES = ("outlets", "authors", "required", "excluded", "unknown_outlets", "articles")


def turn_from_fields(fields: dict[str, Any], held: Mapping[str, Article]) -> Answer:
    """The Answer that ``turn_fields`` made them of, with the articles by their keys. ``fields`` is used up."""
    citations = []
    for number, each in enumerate(fields.pop("citations"), 1):
        article = held[each["article"]]
        start, end = each["start"], each["end"]
        citations.append(Citation(number, article, start, end, article.text[start:end]))
    sentences = [_sentence(each) for each in fields.pop("sentences")]
    differing = [
        Disagreement(about, tuple(Side(said, citation) for said, citation in sides))
        for about, sides in fields.pop("disagreements", ())
    ]
    absence, asked = fields.pop("absence", None), fields.pop("asked", None)
    usage = fields.pop("usage", None)
    return Answer(
        sentences=tuple(sentences),
        citations=tuple(citations),
        passages=tuple(_passage(each, held) for each in fields.pop("passages")),
        disagreements=tuple(differing),
        absence=Absence(absence[0], tuple(absence[1])) if absence else None,
        asked=_question(asked) if asked else None,
        usage=Usage(**usage) if usage else None,
        **fields,
    )


def _passage(fields: dict[str, Any], held: Mapping[str, Article]) -> Passage:
    article = held[fields.pop("article")]
    return Passage(
        article=article,
        text=article.text[fields["start"] : fields["end"]],
        copies=tuple(copy_from_row(row) for row in fields.pop("copies", ())),
        signals=Signals(**fields.pop("signals", {})),
        parts=tuple(fields.pop("parts", ())),
        **fields,
    )


def _question(fields: dict[str, Any]) -> Question:
    return Question(
        text=fields["text"],
        now=datetime.fromisoformat(fields["now"]),
        as_of=fields.get("as_of", False),
        since=parse_when(fields.get("since"), "since"),
        until=parse_when(fields.get("until"), "until"),
        kind=fields["kind"],
        target=fields.get("target", ""),
        standalone=fields.get("standalone", ""),
        inferences=tuple(Inference(*each) for each in fields.get("inferences", ())),
        limits=_window(fields["limits"]) if "limits" in fields else Window(),
        focus=_window(fields["focus"]) if "focus" in fields else None,
        newest=fields.get("newest", False),
        parts=tuple(_question(part) for part in fields.get("parts", ())),
        **{name: tuple(fields.get(name, ())) for name in _TUPLES},
    )


def _window(fields: list[Any]) -> Window:
    earliest, latest, outlets = fields
    return Window(earliest, latest, tuple(outlets))
