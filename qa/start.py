"""The command ``newsdesk``: the terminal UI at once where nothing else is asked for, else the command line.

What reads a whole command line takes as long to import as the UI takes to its first frame, so options that the UI
has to itself are read here.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from qa.errors import NewsdeskError, UsageError
from qa.interrupts import Interrupted, interrupt

if TYPE_CHECKING:
    from qa.archive import Archive
    from qa.config import Config

CONFIG_VARIABLE = "NEWSDESK_CONFIG"


class Settings:
    """The options before the command. The configuration is read when it is first needed."""

    def __init__(self, file: Path | None, archive: str | None, *, debug: bool) -> None:
        self.file = file
        self.archive = archive
        self.debug = debug

    def config(self, *, foreign: bool = False) -> Config:
        """The configuration in force; its sources are for the archive that it names, not (``foreign``) for another.

        Raises ConfigError.
        """
        from qa.config import find, load
        from qa.printing import say

        config = load(self.file or find())
        for warning in config.warnings:
            say(f"warning: {warning}")
        named, chosen = config.archive.path, self.archive
        if foreign or not chosen or named is None or Path(os.path.expanduser(chosen)).resolve() == named.resolve():
            return config
        return config.model_copy(update={"sources": ()})

    @contextmanager
    def open(self, *, create: bool = False, foreign: bool = False) -> Iterator[Archive]:
        """The archive; one that its sources can fill is made when it is first asked for."""
        from qa.archive import Archive

        config = self.config(foreign=foreign)
        with Archive.open(self.archive, config=config, create=create or bool(config.sources)) as archive:
            yield archive


def main() -> NoReturn:
    """Run the command and exit."""
    settings = alone(sys.argv[1:])
    if settings is None:
        from qa.cli import main

        main()
    run(lambda: open_ui(settings))


def alone(arguments: Sequence[str]) -> Settings | None:
    """What the UI's options say, where they stand alone; None where the command line is to be read as a whole."""
    given: dict[str, str] = {}
    rest = iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        valued = name in {"--config", "--archive"}
        if valued and not equals:
            value = next(rest, "")
        if argument != "--debug" and not (valued and value and not value.startswith("-")):
            return None
        given[name] = value
    file = given.get("--config") or os.environ.get(CONFIG_VARIABLE)
    return Settings(Path(file) if file else None, given.get("--archive"), debug="--debug" in given)


def open_ui(settings: Settings, mode: str = "auto", model: str | None = None) -> int:
    """Run the terminal UI; its exit status. Raises UsageError where there is no terminal."""
    in_browser = "TEXTUAL_DRIVER" in os.environ  # set by the server for the process behind a page
    if not in_browser and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("The terminal UI needs a terminal. To ask from a script: newsdesk ask QUESTION")
    from tui import pauses

    pauses.shorten()  # before the imports, during which Python would look for garbage a dozen times
    from tui.running import run_app

    path = None if settings.archive is None else Path(os.path.expanduser(settings.archive))
    return run_app(config=settings.config, archive_path=path, debug=settings.debug, mode=mode, model=model)


def run(command: Callable[[], int | None]) -> NoReturn:
    """Run what gives an exit status, and exit; what goes wrong is said in a line, or whole with ``--debug``."""
    debug = "--debug" in sys.argv
    signal.signal(signal.SIGINT, interrupt)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # an answer is not lost for a letter that the terminal does not know
            stream.reconfigure(errors="replace")
    try:
        sys.exit(command() or 0)
    except NewsdeskError as error:
        _say_error(error, str(error), debug=debug)
        sys.exit(error.exit_status)
    except Interrupted:
        _say("newsdesk: interrupted; what was stored stays.")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _say_error(error, str(error), debug=debug)
        sys.exit(1)
    except Exception as error:
        fault = f"{type(error).__name__}: {error}. This is a fault of Newsdesk's; --debug shows where."
        _say_error(error, fault, debug=debug)
        sys.exit(1)


def _say_error(error: Exception, said: str, *, debug: bool) -> None:
    """What went wrong, or its traceback for ``debug``. No key that is known stands in either."""
    from traceback import format_exception

    from qa.keys import redact

    if isinstance(error, NewsdeskError) and error.report is not None:
        from qa.printing import say_report

        say_report(error.report)
    _say(redact("".join(format_exception(error)).rstrip() if debug else f"newsdesk: {said}"))


def _say(text: str) -> None:
    from qa.printing import say

    say(text)
