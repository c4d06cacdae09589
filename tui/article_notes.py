"""What one who reads an article should know, in words: what has become of it, which of its texts is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.display import count, day, minute, one_line

if TYPE_CHECKING:
    from datetime import datetime

    from qa.articles import Article
    from qa.catalog import Revision
    from tui.messages import ArticleChecked


def replaced_at(article: Article, revisions: Sequence[Revision]) -> datetime | None:
    """When another text took the place of this one; None if that is not known any more."""
    same = (each for each in revisions if each.article.text == article.text and each.article.title == article.title)
    return next((each.replaced for each in same), None)


def notes_on(shown: Article, checked: ArticleChecked, *, cited: int, kept: int | None = None) -> list[str]:
    """What has become of the article that is ``shown``.

    ``kept``: where the text of now is shown, how many of the ``cited`` passages still stand in it.
    """
    status, notes = checked.status, []
    if kept is not None:
        still = f"; {_kept_text(kept, cited)}" if cited else ""
        notes.append(f"⚠ These are the words of now{still}. t: the words as they were cited")
    elif status.state == "changed":
        when = f" on {day(checked.changed.astimezone())}" if checked.changed is not None else ""
        notes.append(
            f"⚠ This article was changed{when}, after it was cited; you see the words as they were. t: the words of now"
        )
    elif status.state == "removed":
        notes.append("⚠ This article was removed from the archive; you see the words as they were.")
    if status.gone is not None:
        notes.append(f"⚠ Its source no longer has it since {day(status.gone.astimezone())}.")
    if shown.partial:
        notes.append("⚠ Only the feed's extract is here, not the whole article.")
    return notes


def _kept_text(kept: int, cited: int) -> str:
    if kept == cited:
        return "what was cited still stands in them"
    return f"{kept} of {count(cited, 'cited passage')} still stand in them" if kept else "what was cited is gone"


def version_note(revision: Revision) -> str:
    """That an earlier version is shown as it stood."""
    return f"The version until {_until(revision)}, whole. Enter on it: what changed. t: back"


def comparison_note(revision: Revision, other: str, changed: int | None) -> str:
    """Which versions are compared, and how to read that. ``changed``: how many places, None while that is found out."""
    between = f"Between the version until {_until(revision)} and {other}"
    if changed is None:
        return f"{between}: comparing …"
    if not changed:
        return f"{between}, the text did not change. t: back"
    places = count(changed, "change")
    return f"{between}: {places}, [−taken out−] [+put in+]. n and p: from one to the next. t: back"


def failure_note(error: str) -> str:
    """That something is not known."""
    return f"⚠ {one_line(error)}"


def _until(revision: Revision) -> str:
    return minute(revision.replaced.astimezone())
