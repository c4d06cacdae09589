"""The options of the command line that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qa.start import CONFIG_VARIABLE

KINDS = "window, newest, outlet, author, required, excluded, parts or follow-up"
"""What can be read out of a question; the core says so too, but costs a start of its own."""


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"newsdesk {version('newsdesk')}")
        raise typer.Exit


ConfigOption = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="The config.toml to use.", envvar=CONFIG_VARIABLE)
]
ArchiveOption = Annotated[str | None, typer.Option("--archive", metavar="DIR", help="The archive's folder.")]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
Question = Annotated[str, typer.Argument(metavar="QUESTION", help="A question in plain words.")]
Now = Annotated[str | None, typer.Option(metavar="DATE", help="Ask as of this day or moment (ISO 8601).")]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="Only articles published from then on.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Only articles published until then.")]
Outlet = Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this outlet; may be repeated.")]
OnlyArticle = Annotated[
    list[str] | None, typer.Option("--article", metavar="ID", help="Only the article with this id; may be repeated.")
]
Limit = Annotated[int | None, typer.Option(metavar="N", help="Passages to find, 1 to 100.")]
Mode = Annotated[str, typer.Option(help="auto, extractive or generated.")]
Model = Annotated[str | None, typer.Option(metavar="NAME", help="The model that answers, of the configured server.")]
Infer = Annotated[bool, typer.Option("--infer/--no-infer", help="Read dates, outlets and so on out of the words.")]
Without = Annotated[
    list[str] | None, typer.Option(metavar="KIND", help=f"Do not read this out of the words: {KINDS}. May be repeated.")
]
Keep = Annotated[bool, typer.Option("--keep", help="Keep the answer, as the beginning of a conversation.")]
Continue = Annotated[bool, typer.Option("--continue", help="Go on with the conversation that was kept last.")]
Embed = Annotated[bool, typer.Option("--embed/--no-embed", help="Embed now, or leave it to the next sync.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
VersionOption = Annotated[
    bool, typer.Option("--version", is_eager=True, callback=_say_version, help="Say which version this is.")
]
