"""Conversations as files: Markdown with footnotes, JSON, HTML; and citations as text and as references.

Invariants: every quote stands with its outlet, day and address; nothing that an article, a question or a model
supplies is markup in what comes out, or acts on whoever reads it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from qa.answers import Answer, Citation, Disagreement, Sentence
from qa.articles import Article
from qa.errors import NewsdeskError, UsageError
from qa.explanations import SIGNS, agreed, day, evidence, faults, graded, hedged, meant, spent, understood

Format = Literal["markdown", "json", "html"]
SUFFIXES: dict[Format, str] = {"markdown": ".md", "json": ".json", "html": ".html"}
VERSION = 1
"""Of the JSON form; keys are added without a new one."""

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~&$^])")
_BLOCK = re.compile(r"^(\s*)(?:([-+=])|(\d+)([.)]))")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_NAMES = {"md": "markdown", "htm": "html"}


def export(answers: Sequence[Answer], form: str = "markdown", *, title: str = "", made: datetime | None = None) -> str:
    """A conversation, or one answer, as the text of a file.

    ``form``: ``markdown`` (answers with footnotes), ``json`` (``docs/api.md`` describes it) or ``html`` (one file, no
    scripts). ``title``: that of the conversation, else its first question. ``made``: the moment that is written into
    it, None for now. Raises UsageError for another format, or nothing to export.
    """
    chosen = format_of(form)
    if not answers:
        raise UsageError("There is nothing to export: the conversation holds no answer.")
    title = _line(title or answers[0].question)
    moment = (made or datetime.now(UTC)).isoformat(timespec="seconds")
    if chosen == "json":
        return _json(answers, title, moment)
    lines = _markdown(answers, title, moment) if chosen == "markdown" else _html(answers, title, moment)
    return "\n".join(lines) + "\n"


def format_of(name: str) -> Format:
    """The format that a name, or the end of a file's, stands for. Raises UsageError."""
    wanted = name.lower().lstrip(".")
    wanted = _NAMES.get(wanted, wanted)
    for known in get_args(Format):
        if wanted == known:
            return known  # type: ignore[no-any-return]
    raise UsageError(f"format = {name!r}: one of {', '.join(get_args(Format))}.")


def file_name(title: str, form: Format) -> str:
    """A name for a file that every system takes: ``who-leads-the-dockers-union.md``."""
    words = re.findall(r"\w+", _line(title).casefold())
    return ("-".join(words)[:60].strip("-") or "conversation") + SUFFIXES[form]


def save(text: str, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
    """Write a file whole or not at all; gives its path. Raises UsageError where it stands already, NewsdeskError."""
    file = Path(os.path.abspath(os.path.expanduser(path)))  # noqa: PTH100
    if file.is_dir():
        raise UsageError(f"{file} is a folder; name a file in it.")
    if file.exists() and not overwrite:
        raise UsageError(f"{file} is there already; name another file, or have it overwritten.")
    beside = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(file)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise NewsdeskError(f"{file}: cannot be written ({error.strerror}). Nothing was left there.") from error
    return file


# --- one citation


def citation_text(citation: Citation) -> str:
    """A quote with where it stands: ``“...” (The Courier, 12 May 2026, https://...)``."""
    return (
        f"“{_line(citation.quote)}” ({', '.join(filter(None, (_byline(citation.article), _where(citation.article))))})"
    )


def citation_reference(citation: Citation) -> str:
    """A reference: author, title, outlet, day, address, and the quote."""
    return f"{reference(citation.article)} “{_line(citation.quote)}”"


def reference(article: Article) -> str:
    """``Lee, Ann. “Café closes.” The Post, 2 Jul 2026. https://...``."""
    authors = ", ".join(map(_line, article.authors))
    title = _line(article.title).rstrip(".") or "Untitled"
    parts = (f"{authors}." if authors else "", f"“{title}.”", f"{_byline(article)}.", _where(article))
    return " ".join(filter(None, parts))


# --- JSON


def _json(answers: Sequence[Answer], title: str, moment: str) -> str:
    from qa.answers.fields import answer_fields

    whole = {
        "format": "newsdesk-conversation",
        "version": VERSION,
        "title": title,
        "exported": moment,
        "turns": [answer_fields(each) for each in answers],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


# --- Markdown


def _markdown(answers: Sequence[Answer], title: str, moment: str) -> Iterator[str]:
    yield "---"
    yield f"title: {json.dumps(title, ensure_ascii=False)}"
    yield f"exported: {moment}"
    if models := _models(answers):
        yield f"models: {json.dumps(models, ensure_ascii=False)}"
        known = [each.usage for each in answers if each.usage is not None]
        yield f"tokens_in: {sum(each.tokens_in for each in known)}"
        yield f"tokens_out: {sum(each.tokens_out for each in known)}"
    yield "---"
    yield ""
    yield f"# {_literal(title)}"
    for turn, answer in enumerate(answers, 1):
        yield ""
        yield from _markdown_turn(turn, answer)


def _markdown_turn(turn: int, answer: Answer) -> Iterator[str]:
    yield f"## {_literal(answer.revision or answer.question)}"
    if answer.asked is not None:
        yield ""
        yield f"*{_literal(_asked(answer))}*"
    if answer.short:
        yield ""
        yield f"{hedged(answer)}**{_literal(answer.short)}**" + (
            f" ({graded(answer.short_confidence)})" if answer.short_confidence else ""
        )
    for each in answer.disagreements:
        yield ""
        yield _literal(f"The articles differ on {each.about}:")
        yield ""
        yield from (f"- {_literal(side.said)}{_note(turn, side.citation)}" for side in each.sides)
    yield ""
    yield _markdown_answer(turn, answer)
    if answer.sentences and answer.reason:
        yield ""
        yield f"> {_literal(answer.reason)}"
    if about := _about(answer):
        yield ""
        yield f"*{_literal(about)}*"
    for citation in answer.citations:
        yield ""
        article = citation.article
        where = f" <{address}>" if (address := _address(article)) else f" {_literal(_where(article))}"
        yield (
            f"[^{turn}-{citation.number}]: “{_literal(citation.quote)}” *{_literal(article.title)}*, "
            f"{_literal(_byline(article))}.{where}"
        )


def _markdown_answer(turn: int, answer: Answer) -> str:
    """The sentences in their paragraphs and lists; those that are quotes each for itself."""
    quoting = answer.mode == "extractive"
    text = ""
    for each in answer.sentences:
        notes = "".join(_note(turn, number) for number in each.citations)
        unresolved = "".join(_literal(f"[{marker}?]") for marker in each.unresolved)
        said = f" **{_literal(said)}**" if (said := _verdict(each)) else ""
        words = " ".join(filter(None, (f"“{_literal(each.text)}”" if quoting else _literal(each.text), meant(each))))
        same = f" *({agreed(each)})*" if agreed(each) else ""
        text += ("\n\n" if quoting else each.opening) + words + notes + unresolved + said + same
    return text.strip() or _literal(answer.reason)


def _note(turn: int, number: int) -> str:
    return f"[^{turn}-{number}]"


def _literal(text: str) -> str:
    """``text`` as Markdown that shows its characters and nothing else, on one line."""
    shown = _ACTIVE.sub(r"\\\1", _line(text)).replace("://", ":\\//")
    return _BLOCK.sub(
        lambda found: f"{found[1]}\\{found[2]}" if found[2] else f"{found[1]}{found[3]}\\{found[4]}", shown
    )


# --- HTML


_STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1c; --quiet: #5c6670; --line: #d5d9dd; --good: #1d6b35; --bad: #a3281e; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e6e6; --quiet: #9aa5ae; --line: #3a424a; --good: #7fc892; --bad: #f0948a; }
}
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.6 Georgia, serif; color: var(--ink); }
h1, h2 { line-height: 1.25; } h2 { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 1.5rem; }
.quiet, footer, ol { color: var(--quiet); font-size: .92rem; } .short { font-size: 1.2rem; font-weight: bold; }
.good { color: var(--good); } .bad { color: var(--bad); font-weight: bold; }
blockquote { margin: .8rem 0; padding-left: 1rem; border-left: 3px solid var(--line); }
sup a { text-decoration: none; } li:target, sup:target { background: #ffe08a66; }
"""


def _html(answers: Sequence[Answer], title: str, moment: str) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f'<meta name="referrer" content="no-referrer">\n<title>{escape(title)}</title>'
    yield f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>"
    for turn, answer in enumerate(answers, 1):
        yield from _html_turn(turn, answer)
    models = f" · {escape(', '.join(_models(answers)))}" if _models(answers) else ""
    yield f"<footer>Exported by Newsdesk, {escape(moment)}{models}</footer>\n</body>\n</html>"


def _html_turn(turn: int, answer: Answer) -> Iterator[str]:
    yield f"<section>\n<h2>{_shown(answer.revision or answer.question)}</h2>"
    if answer.asked is not None:
        yield f'<p class="quiet">{_shown(_asked(answer))}</p>'
    if answer.short:
        sure = f' <span class="quiet">{graded(answer.short_confidence)}</span>' if answer.short_confidence else ""
        yield f'<p class="short">{hedged(answer)}{_shown(answer.short)}{sure}</p>'
    yield from (_html_differing(turn, each) for each in answer.disagreements)
    back: set[int] = set()
    yield from (_html_paragraph(turn, each, back, answer.mode) for each in _paragraphs(answer))
    if not answer.sentences or answer.reason:
        yield f"<p>{_shown(answer.reason)}</p>"
    if about := _about(answer):
        yield f'<p class="quiet">{_shown(about)}</p>'
    if answer.citations:
        yield "<ol>"
        yield from (_html_note(turn, each, back) for each in answer.citations)
        yield "</ol>"
    yield "</section>"


def _html_differing(turn: int, disagreement: Disagreement) -> str:
    sides = "".join(f"<li>{_shown(side.said)} {_link(turn, side.citation)}</li>" for side in disagreement.sides)
    return f"<p>The articles differ on {_shown(disagreement.about)}:</p>\n<ul>{sides}</ul>"


def _paragraphs(answer: Answer) -> Iterator[list[Sentence]]:
    paragraph: list[Sentence] = []
    for each in answer.sentences:
        if paragraph and (answer.mode == "extractive" or "\n" in each.opening):
            yield paragraph
            paragraph = []
        paragraph.append(each)
    if paragraph:
        yield paragraph


def _html_paragraph(turn: int, sentences: Sequence[Sentence], back: set[int], mode: str) -> str:
    said = " ".join(_html_sentence(turn, each, back, quoted=mode == "extractive") for each in sentences)
    bullet = sentences[0].opening.strip()
    if mode == "extractive":
        return f"<blockquote>{said}</blockquote>"
    return f"<p>{_shown('•' if bullet == '-' else bullet)} {said}</p>" if bullet else f"<p>{said}</p>"


def _html_sentence(turn: int, sentence: Sentence, back: set[int], *, quoted: bool) -> str:
    text = _shown(f"“{sentence.text}”" if quoted else sentence.text)
    links = "".join(_link(turn, number, back) for number in sentence.citations)
    unresolved = "".join(_shown(f"[{marker}?]") for marker in sentence.unresolved)
    verdict = f' <span class="bad">{_shown(said)}</span>' if (said := _verdict(sentence)) else ""
    beside = " ".join(filter(None, (meant(sentence), f"({agreed(sentence)})" if agreed(sentence) else "")))
    return text + links + unresolved + verdict + (f' <span class="quiet">{_shown(beside)}</span>' if beside else "")


def _link(turn: int, number: int, back: set[int] | None = None) -> str:
    """A marker; the first of each is where its note leads back to."""
    named = ""
    if back is not None and number not in back:
        back.add(number)
        named = f' id="m{turn}-{number}"'
    return f'<sup{named}><a href="#n{turn}-{number}">[{number}]</a></sup>'


def _html_note(turn: int, citation: Citation, back: set[int]) -> str:
    article, number = citation.article, citation.number
    address = _address(article)
    title = _shown(article.title)
    linked = f'<a href="{escape(address)}" rel="noreferrer">{title}</a>' if address else f"<em>{title}</em>"
    where = "" if address else f" {_shown(_where(article))}"
    up = f' <a href="#m{turn}-{number}" aria-label="Back to the text">↩</a>' if number in back else ""
    quote = _shown(f"“{citation.quote}”")
    return f'<li id="n{turn}-{number}" value="{number}">{quote} {linked}, {_shown(_byline(article))}.{where}{up}</li>'


def _shown(text: str) -> str:
    return escape(_line(text))


# --- what all of them say


def _asked(answer: Answer) -> str:
    """When it was asked, and as what."""
    assert answer.asked is not None
    asked = answer.asked
    limits = [
        *asked.outlets,
        f"since {asked.since}" if asked.since else "",
        f"until {asked.until}" if asked.until else "",
    ]
    said = filter(None, (f"asked {'as of ' if asked.as_of else ''}{day(asked.now)}", *limits, understood(asked)))
    return " · ".join(said)


def _about(answer: Answer) -> str:
    """How sure it is, who wrote it and what that took."""
    written = f"written by {answer.model} at {answer.server}" if answer.mode == "generated" and answer.model else ""
    usage = spent(answer.usage) if answer.usage is not None and answer.usage.known else ""
    return " · ".join(filter(None, ("incomplete" if answer.incomplete else "", evidence(answer), written, usage)))


def _models(answers: Sequence[Answer]) -> list[str]:
    return [*dict.fromkeys(_line(each.model) for each in answers if each.mode == "generated" and each.model)]


def _verdict(sentence: Sentence) -> str:
    """What is to be doubted of a sentence, with its sign; empty for nothing."""
    if sentence.verdict not in SIGNS:
        return ""
    said = f"{SIGNS[sentence.verdict]} {sentence.verdict}"
    return f"{said}: {why}" if (why := faults(sentence)) else said


def _byline(article: Article) -> str:
    return f"{_line(article.outlet) or 'unknown outlet'}, {day(article.published)}"


def _where(article: Article) -> str:
    return _line(article.url or article.source)


def _address(article: Article) -> str:
    """The address as a link may have it; empty for what no browser should be sent to."""
    address = _where(article)
    safe = urlsplit(address).scheme in ("http", "https") and not re.search(r"[\s<>\"'\\]", address)
    return address if safe else ""


def _clean(text: str) -> str:
    return _UNSEEN.sub("", text)


def _line(text: str) -> str:
    return " ".join(_clean(text).split())
