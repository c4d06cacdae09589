"""A turn's question to the core, and what comes of it as messages: runs in a worker's thread, and is all that does.

Invariant: the last message is TurnFinished or TurnFailed, unless the turn is left, and what either holds has been kept
where it is worth it. Nothing is kept of a turn that was left: its screen knows no conversation that it would belong to.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from tui import messages
from tui.turns import Answerer, Turn, working

if TYPE_CHECKING:
    from textual.message import Message

    from qa.answers import Answer, Event
    from qa.archive import Archive
    from qa.sessions import Sessions
    from tui.app import NewsdeskApp

NOT_KEPT = "This answer is not kept yet: {error} That is tried again with the next answer; Ctrl+S writes it to a file."
NEEDS_MODEL = "Writing an answer anew needs a model, and none is chosen. F6 chooses one."


def answered(desk: NewsdeskApp, turn: Turn, answerer: Answerer, session: int | None) -> Generator[Message, None, None]:
    """The messages of a turn as they come. Closing it leaves the turn. Raises NewsdeskError."""
    from qa.answers.conversation import wish

    archive = desk.opened_archive
    of, how = turn.of or _last_answered(turn), turn.how or wish(turn.question)
    if how and of is not None and of.answer is not None:
        yield messages.TurnRevising(turn, of, how)
        events = _revised(archive, of.answer, how, turn, answerer)
    else:
        events = _asked(archive, turn, answerer)
    with closing(events):
        for event in events:
            yield _message(desk, turn, event, session)


def _last_answered(turn: Turn) -> Turn | None:
    """The turn whose answer a wish ("shorter") is about."""
    return next((each for each in reversed(turn.before) if each.kept and each.passages), None)


def _revised(
    archive: Archive, answer: Answer, how: str, turn: Turn, answerer: Answerer
) -> Generator[Event, None, None]:
    from qa.errors import UsageError

    if archive.chosen(answerer.mode, answerer.model) is None:
        raise UsageError(NEEDS_MODEL)
    return archive.revise(answer, how, model=answerer.model, stop=turn.stop)


def _asked(archive: Archive, turn: Turn, answerer: Answerer) -> Generator[Event, None, None]:
    from qa.inferences import What
    from qa.sessions import turns_of

    turns = turns_of([each.answer for each in turn.before if each.answer is not None])
    infer = [what for what in get_args(What) if what not in turn.removed]
    return archive.stream(
        turn.question,
        **turn.filters.arguments(),
        turns=turns,
        infer=infer,
        mode=answerer.mode,
        model=answerer.model,
        stop=turn.stop,
    )


def _message(desk: NewsdeskApp, turn: Turn, event: Event, session: int | None) -> Message:
    """What the conversation is told of an event of the core."""
    from qa import answers

    match event:
        case answers.Searching():
            message: Message = messages.TurnSearching(turn, event.question, event.articles)
        case answers.Found():
            message = messages.TurnFound(turn, event.passages)
        case answers.Working():
            message = messages.TurnWorking(turn, working(event.doing, event.seconds, turn.model))
        case answers.Text():
            message = messages.TurnWriting(turn, event.delta)
        case answers.Checked():
            message = messages.TurnChecked(turn, event.index, event.sentence)
        case answers.Finished():
            message = messages.TurnFinished(turn, event.answer, _kept(desk, turn, event.answer, session))
        case answers.Failed():
            error = str(event.error)
            kept = _kept(desk, turn, _broken(event.answer, error), session)
            message = messages.TurnFailed(turn, error, event.answer, kept)
    return message


def _kept(desk: NewsdeskApp, turn: Turn, answer: Answer, session: int | None) -> int | None:
    """Keep an answer, and give the conversation that the next one belongs to. In the worker's thread: it blocks nobody.

    Not kept is what broke off before its first sentence, and an answer whose turn was left.
    """
    if turn.running and (answer.sentences or not answer.incomplete):
        with desk.guarded("keeping the conversation", lambda error: desk.notice(NOT_KEPT.format(error=error))):
            kept, others = desk.of_kept(lambda sessions: _append(sessions, turn, answer, session))
            if others:
                desk.notice("")
            return kept
    return session


def _append(sessions: Sessions, turn: Turn, answer: Answer, session: int | None) -> tuple[int, int]:
    """Keep an answer after those before it that are not kept: the disk was full, or their conversation is gone."""
    there = session is not None and session in sessions.ids()
    missing = [each for each in turn.before if each.kept and not (there and each.stored)]
    kept = sessions.append(answer, session, after=[_as_kept(each) for each in missing])
    for each in (*missing, turn):
        each.stored = True
    return kept, len(missing)


def _as_kept(turn: Turn) -> Answer:
    assert turn.answer is not None
    return _broken(turn.answer, turn.error) if turn.error else turn.answer


def _broken(answer: Answer, error: str) -> Answer:
    """An answer that an error ended."""
    return replace(answer, reason=answer.reason or error, incomplete=True)
