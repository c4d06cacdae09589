"""The commands for kept conversations: ``newsdesk conversations`` and ``newsdesk export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.cli_options import Json
from qa.errors import UsageError
from qa.printing import counted, print_json, print_lines, say

if TYPE_CHECKING:
    from qa.sessions import Session, Sessions

LAST = "last"
LISTED = 1000
"""Most conversations that are listed."""


def conversations(
    context: typer.Context,
    search: Annotated[
        str, typer.Option(metavar="WORDS", help="Only those with all of these words in a turn or in the title.")
    ] = "",
    as_json: Json = False,
) -> None:
    """List the conversations that are kept, the latest first."""
    with context.obj.open() as archive:
        found = archive.sessions.search(search, limit=LISTED)
    if as_json:
        print_json([_fields(each) for each in found])
        return
    print_lines(
        f"{each.id:>5}  {each.updated.astimezone():%Y-%m-%d %H:%M}  {counted(each.turns, 'answer'):>11}  {each.title}"
        for each in found
    )
    if not found:
        say("No conversation has these words." if search else "No conversations are kept yet.")


def _fields(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "title": session.title,
        "updated": session.updated.isoformat(),
        "turns": session.turns,
        "answer": session.answer,
        "found": session.found,
    }


def export(
    context: typer.Context,
    conversation: Annotated[
        str, typer.Argument(metavar="ID", help=f"Its id, as 'newsdesk conversations' lists it, or '{LAST}'.")
    ] = LAST,
    form: Annotated[
        str, typer.Option("--format", help="markdown, json or html; by the end of --output where that says.")
    ] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="A file instead of standard output.")
    ] = None,
    turn: Annotated[int | None, typer.Option(metavar="N", help="Only this answer, 1 for the first.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write a conversation with its citations as Markdown, JSON or HTML."""
    from qa.exports import export as exported
    from qa.exports import format_of, save

    chosen = format_of(form or (output.suffix if output is not None and output.suffix else "markdown"))
    with context.obj.open() as archive:
        session = _named(archive.sessions, conversation)
        answers = archive.sessions.turns(session.id)
    if turn is not None:
        if not 1 <= turn <= len(answers):
            raise UsageError(f"--turn {turn}: this conversation has {counted(len(answers), 'answer')}.")
        answers = answers[turn - 1 : turn]
    text = exported(answers, chosen, title=session.title if turn is None else "")
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        file = save(text, output, overwrite=force)
    except UsageError as error:
        raise UsageError(f"{error} --force overwrites.") from error
    say(f"written to {file}")


def _named(sessions: Sessions, name: str) -> Session:
    found = sessions.recent(limit=1 if name == LAST else -1)
    chosen = next((each for each in found if name in (LAST, str(each.id))), None)
    if chosen is None:
        there = "none are kept yet" if not found else "'newsdesk conversations' lists them"
        raise UsageError(f"No conversation has the id {name!r}; {there}.")
    return chosen
