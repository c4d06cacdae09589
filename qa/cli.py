"""The command line: ``newsdesk [--config FILE] [--archive DIR] [--debug] COMMAND``.

Data goes to standard output, everything said about it to standard error; progress bars only where that is a
terminal. Exit status 1 is failure, 2 wrong usage. No command opens the terminal UI.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, get_args

import typer

from qa import cli_conversations
from qa.cli_options import (
    ArchiveOption,
    ConfigOption,
    Continue,
    DebugOption,
    Embed,
    Infer,
    Json,
    Keep,
    Limit,
    Mode,
    Model,
    Now,
    OnlyArticle,
    Outlet,
    Question,
    Since,
    Until,
    VersionOption,
    Without,
)
from qa.errors import ArchiveBusy, ModelError, NewsdeskError, UsageError
from qa.interrupts import Interrupted, progress, stopping
from qa.printing import (
    and_copies,
    counted,
    origin,
    print_answer,
    print_check,
    print_evaluation,
    print_json,
    print_lines,
    print_passages,
    report_fields,
    say,
    say_report,
    say_understood,
)
from qa.start import Settings, open_ui, run

if TYPE_CHECKING:
    from qa.answers import Answer, Event
    from qa.archive import Archive
    from qa.inferences import What
    from qa.intake import IngestReport

LISTED = 20
"""Articles that are named before they are removed."""
EMBEDDED_FIRST = 2000
"""Passages that are embedded before a question is answered; more of them are left to ``newsdesk sync``."""
PAGE = 500
"""Articles that are read at a time to be listed."""

app = typer.Typer(
    name="newsdesk",
    help="Ask questions about news articles; every sentence of an answer shows the words it rests on.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(cli_conversations.conversations)
app.command()(cli_conversations.export)


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    config: ConfigOption = None,
    archive: ArchiveOption = None,
    debug: DebugOption = False,
    mode: Mode = "auto",
    model: Model = None,
    version: VersionOption = False,  # noqa: ARG001 - said by its callback
) -> None:
    context.obj = Settings(config, archive, debug=debug)
    if context.invoked_subcommand is None:
        raise typer.Exit(open_ui(context.obj, mode, model))
    if mode != "auto" or model is not None:
        raise UsageError(
            f"--mode and --model stand behind the command: newsdesk {context.invoked_subcommand} --model ..."
        )


@app.command()
def keys(context: typer.Context) -> None:
    """List the actions of the terminal UI: the id that `keys` of config.toml takes, keys in force, what it does."""
    from tui.commands import COMMANDS
    from tui.keymap import Keymap

    keymap = Keymap(context.obj.config().keys)
    for problem in keymap.problems:
        say(f"warning: {problem}")
    mapped = [command for command in COMMANDS if command.can_be_mapped]
    print_lines(f"{each.id:<44} {', '.join(keymap.of(each)) or 'none':<22} {each.help}" for each in mapped)


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Where to listen; beyond this machine with a token.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    token: Annotated[bool, typer.Option("--token", help="Ask for a token on this machine, too.")] = False,
    mode: Mode = "auto",
    model: Model = None,
) -> None:
    """Serve the terminal UI to a browser."""
    from tui.serving import serve as serve_pages

    settings: Settings = context.obj
    settings.config()  # what is wrong with it is said here, not in a browser
    options: list[str] = ["--debug"] if settings.debug else []
    options += ["--config", str(settings.file.absolute())] if settings.file else []
    options += ["--archive", os.path.abspath(os.path.expanduser(settings.archive))] if settings.archive else []  # noqa: PTH100
    options += ["--mode", mode] if mode != "auto" else []
    options += ["--model", model] if model is not None else []
    try:
        serve_pages([sys.executable, "-m", "qa.cli", *options], host=host, port=port, with_token=token)
    except OSError as error:
        raise NewsdeskError(
            f"{host}:{port} cannot be listened on: {error.strerror or error}. --port takes another."
        ) from error


@app.command()
def ask(
    context: typer.Context,
    question: Question,
    now: Now = None,
    since: Since = None,
    until: Until = None,
    outlet: Outlet = None,
    article: OnlyArticle = None,
    infer: Infer = True,
    without: Without = None,
    limit: Limit = None,
    mode: Mode = "auto",
    model: Model = None,
    keep: Keep = False,
    continued: Continue = False,
    as_json: Json = False,
) -> None:
    """Answer a question, with citations."""
    settings: Settings = context.obj
    options: dict[str, Any] = {
        "now": now,
        "since": since,
        "until": until,
        "outlets": outlet or (),
        "articles": article or (),
    }
    options |= {"infer": _inferred(without or (), infer=infer), "limit": limit, "mode": mode}
    with settings.open() as archive:
        choice = archive.chosen(mode, model)
        _sync(archive)
        if choice is not None:
            say(f"asking {choice.shown}")
        session = next((each.id for each in archive.sessions.recent(limit=1)), None) if continued else None
        before = archive.sessions.turns(session) if session is not None else []
        # Quotes come all at once, so that there is nothing to be kept of them: Ctrl+C ends those as it ends a search.
        with stopping() if choice is not None else nullcontext(threading.Event()) as stop:
            answer, error = _answered(_asked(archive, question, before, options, model, stop), as_json=as_json)
        if (keep or continued) and (answer.sentences or not answer.incomplete):
            archive.sessions.append(answer, session)
        if error is not None:
            raise error
        if stop.is_set() and answer.incomplete:
            raise typer.Exit(130)


def _asked(
    archive: Archive,
    question: str,
    before: Sequence[Answer],
    options: dict[str, Any],
    model: str | None,
    stop: threading.Event,
) -> Iterator[Event]:
    """The events of a question, or of a wish about the last answer ("shorter") where a model can grant it."""
    from qa.answers.conversation import wish
    from qa.sessions import turns_of

    if before and (how := wish(question)) and archive.chosen(options["mode"], model) is not None:
        return archive.revise(before[-1], how, model=model, stop=stop)
    return archive.stream(question, **options, turns=turns_of(before), model=model, stop=stop)


def _answered(events: Iterator[Event], *, as_json: bool) -> tuple[Answer, NewsdeskError | None]:
    """Print the answer that the events end with; of a failure what had come before it, given with its error."""
    from qa.answers import Failed, Finished, Searching

    for event in events:
        if isinstance(event, Searching) and not as_json:
            say_understood(event.question)
        elif isinstance(event, Finished):
            print_answer(event.answer, as_json=as_json)
            return event.answer, None
        elif isinstance(event, Failed):
            error = event.error
            why = f"Broken off: {error}" if event.answer.sentences else f"No answer: {error}"
            answer = replace(event.answer, reason=event.answer.reason or why, incomplete=True)
            if answer.passages:
                print_answer(answer, as_json=as_json)
            if isinstance(error, ModelError) and answer.mode == "generated":
                say("To answer with quotes from these passages instead: newsdesk ask --mode extractive ...")
            return answer, error
    raise AssertionError("a stream of events ends with Finished or Failed")


@app.command()
def check(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A text, or - for standard input.")],
    now: Now = None,
    since: Since = None,
    until: Until = None,
    outlet: Outlet = None,
    as_json: Json = False,
) -> None:
    """Hold every sentence of a text against the archive; exit status 1 if any is not supported."""
    from qa.answers import GOOD

    settings: Settings = context.obj
    text = _read_text(file)
    with settings.open() as archive:
        _sync(archive)
        if archive.config.verification.judge == "model":
            say("note: [verification] judge is 'model', which is asked about answers alone; the code checks this text.")
        checked = archive.verify(text, now=now, since=since, until=until, outlets=outlet or ())
    print_check(checked, as_json=as_json)
    if any(each.verdict not in GOOD for each in checked.sentences):
        raise typer.Exit(1)


def _read_text(file: str) -> str:
    """Raises UsageError where there is no text to be read."""
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(os.path.expanduser(file)).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: is no text in UTF-8 (byte {error.start:,}). Save it as plain text.") from error


@app.command()
def models(context: typer.Context, as_json: Json = False) -> None:
    """List the models that the configured server offers."""
    settings: Settings = context.obj
    with settings.open() as archive:
        names = archive.models()
    if as_json:
        print_json(names)
    else:
        print_lines(names)


@app.command()
def key(
    context: typer.Context,
    variable: Annotated[str | None, typer.Argument(metavar="[NAME]", help="The name that the key goes by.")] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Delete the key.")] = False,
) -> None:
    """Keep the key of a model server in the system's keyring, under the name that api_key_env gives."""
    from qa.keys import forget_key, store_key
    from qa.servers import OPENAI

    settings: Settings = context.obj
    name = variable or settings.config().answer.api_key_env or OPENAI
    if forget:
        forget_key(name)
        say(f"{name}: forgotten.")
        return
    given = typer.prompt(f"{name}", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline().strip()
    store_key(name, given)
    say(f"{name}: kept in the system's keyring.")


@app.command()
def search(
    context: typer.Context,
    question: Question,
    now: Now = None,
    since: Since = None,
    until: Until = None,
    outlet: Outlet = None,
    article: OnlyArticle = None,
    infer: Infer = True,
    without: Without = None,
    limit: Limit = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say why each passage ranks where it does.")] = False,
    as_json: Json = False,
) -> None:
    """List the passages that may answer a question."""
    settings: Settings = context.obj
    options: dict[str, Any] = {"now": now, "since": since, "until": until, "outlets": outlet or ()}
    options |= {"articles": article or ()}
    options["infer"] = _inferred(without or (), infer=infer)
    with settings.open() as archive:
        _sync(archive)
        asked = archive.understand(question, **options)
        if not as_json:
            say_understood(asked)
        found = archive.search(question, **options, limit=limit)
    print_passages(asked, found, archive.config.ranking, explained=explain, as_json=as_json)


def _inferred(without: Sequence[str], *, infer: bool) -> Collection[What] | bool:
    """What may be read out of the words. Raises UsageError for a kind that is none."""
    from qa.inferences import What

    if not infer or not without:
        return infer
    kinds = get_args(What)
    if unknown := [kind for kind in without if kind not in kinds]:
        raise UsageError(f"--without {unknown[0]}: any of {', '.join(kinds)}.")
    return [kind for kind in kinds if kind not in without]


@app.command()
def ingest(
    context: typer.Context,
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Files, folders, addresses, or -.")],
    outlet: Annotated[str, typer.Option(metavar="NAME", help="The outlet of articles that name none.")] = "",
    language: Annotated[str, typer.Option(metavar="CODE", help="Their language, such as en.")] = "",
    embed: Embed = True,
    as_json: Json = False,
) -> None:
    """Take in articles from files, folders, web pages, feeds, or - (standard input, JSON Lines)."""
    settings: Settings = context.obj
    with settings.open(create=True) as archive, progress() as told:
        report = archive.ingest(sources, outlet=outlet, language=language, embed=embed, progress=told)
    _report(report, as_json=as_json)


@app.command()
def sync(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME...]", help="Only these sources.")] = None,
    embed: Embed = True,
    as_json: Json = False,
) -> None:
    """Bring the archive in step with the sources of config.toml, and finish what was interrupted."""
    settings: Settings = context.obj
    with settings.open(foreign=True) as archive, progress() as told:
        report = archive.sync(names or (), embed=embed, progress=told)
    _report(report, as_json=as_json)


@app.command()
def remove(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(metavar="[ID|URL|PATH...]", help="What to remove.")] = None,
    outlet: Annotated[str | None, typer.Option(metavar="NAME", help="Articles of this outlet.")] = None,
    before: Annotated[str | None, typer.Option(metavar="DATE", help="Articles published before this day.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete articles, after saying which. Files are left alone; a sync does not bring the articles back."""
    settings: Settings = context.obj
    with settings.open() as archive:
        found = archive.matching(names or (), outlet=outlet, before=before)
        if not found:
            say("Nothing to remove: no article matches.")
            return
        for each in found[:LISTED]:
            say(f"{each.id}  {origin(each)}")
        if len(found) > LISTED:
            say(f"and {len(found) - LISTED:,} more")
        one = counted(len(found), "article")
        if not yes:
            if not sys.stdin.isatty():
                raise UsageError(f"{one} would be removed. Add --yes to remove them without being asked.")
            if not typer.confirm(f"Remove {one} for good?", err=True):
                say("Nothing was removed.")
                return
        with progress() as told:
            removed = archive.remove(found, progress=told)
        say(f"{removed:,} removed")


@app.command()
def articles(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Near-copies, too.")] = False,
    as_json: Json = False,
) -> None:
    """List the articles of the archive, newest first; the earliest of near-copies stands for them."""
    from qa.answers import article_summary

    settings: Settings = context.obj
    with settings.open() as archive:
        _sync(archive)
        total = archive.catalog.counts()[0]
        shown = 0
        if as_json:
            print_json([article_summary(each) for each in archive.articles(copies=every)])
            return
        while page := archive.articles(limit=PAGE, offset=shown, copies=every):
            shown += len(page)
            copies = archive.catalog.copies([each.id for each in page])
            print_lines(f"{each.id}  {origin(each)}{and_copies(each, copies.get(each.id, ()))}" for each in page)
        others = f", {total - shown:,} of them near-copies of others" if shown < total else ""
        say(counted(total, "article") + others)


@app.command()
def doctor(
    context: typer.Context,
    mend: Annotated[bool, typer.Option("--repair", help="Mend what can be mended.")] = False,
    as_json: Json = False,
) -> None:
    """Look for what is wrong with the archive, its model and its configuration; exit status 1 if anything is."""
    from qa.doctor import examine, repair

    settings: Settings = context.obj
    with settings.open() as archive:
        if mend:
            if mended := archive.mend_sessions():
                say(str(mended))
            with progress() as told:
                repair(archive, progress=told)
        findings = examine(archive)
    if as_json:
        print_json([{"part": each.part, "problem": each.problem, "mend": each.mend} for each in findings])
    else:
        print_lines(f"{each.part}: {each.problem}\n  {each.mend}" for each in findings)
        say(f"{len(findings)} found." if findings else "Nothing is wrong.")
    if findings:
        raise typer.Exit(1)


@app.command("eval")
def evaluate(
    context: typer.Context,
    questions: Annotated[Path, typer.Argument(metavar="FILE", help="Questions with their answers, as JSON Lines.")],
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="Only the first N questions.")] = None,
    mode: Mode = "auto",
    as_json: Json = False,
) -> None:
    """Ask questions whose answers are known, and tell how many were found, answered and refused as they should be."""
    from rich.console import Console
    from rich.progress import track

    from qa.evaluation import evaluate as ask_all
    from qa.evaluation import read_cases

    settings: Settings = context.obj
    cases = read_cases(questions)[:limit]
    with settings.open() as archive:
        archive.chosen(mode)
        _sync(archive)
        hidden = not sys.stderr.isatty()
        asked = track(cases, "asking", console=Console(stderr=True), transient=True, disable=hidden)
        evaluation = ask_all(archive, asked, mode=mode)
    print_evaluation(evaluation, as_json=as_json)


@app.command()
def reindex(context: typer.Context, as_json: Json = False) -> None:
    """Cut, index and embed every article again, with the model that is configured now."""
    settings: Settings = context.obj
    with settings.open() as archive, progress() as told:
        report = archive.reindex(progress=told)
    _report(report, as_json=as_json)


def _sync(archive: Archive) -> None:
    """Take in what is new in the configured files; another writer is no reason not to answer, nor is slow embedding."""
    local = [source.label for source in archive.config.sources if source.local]
    if not local:
        return
    try:
        with progress() as told:
            report = archive.sync(local, embed=False, progress=told)
            if 0 < report.pending <= EMBEDDED_FIRST and not report.cancelled:
                embedded = archive.embed(progress=told)
                report = replace(report, pending=embedded.pending, seconds=report.seconds + embedded.seconds)
    except ArchiveBusy as busy:
        say(f"{busy} Answering from what is there.")
        return
    if report.cancelled:
        raise Interrupted
    if report.added or report.updated or report.gone or report.failed or report.warnings or report.pending:
        say_report(report)


def _report(report: IngestReport, *, as_json: bool) -> None:
    """Print what came of it; exit with 1 if a source failed, 130 if somebody ended it."""
    say_report(report)
    if as_json:
        print_json(report_fields(report))
    if report.cancelled:
        raise typer.Exit(130)
    if report.failed:
        raise typer.Exit(1)


def main() -> NoReturn:
    """Run the command line and exit."""
    run(lambda: app(standalone_mode=True))


if __name__ == "__main__":
    main()
