"""What is copied, as text and as a reference; and the system's own clipboard.

A terminal takes a copy by OSC 52, also over SSH; where one does not, the system's clipboard has it as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.display import answer_plain, disarm

if TYPE_CHECKING:
    from qa.answers import Citation
    from tui.turns import Turn


def answer_text(turn: Turn) -> str:
    """Question, answer and sources."""
    assert turn.answer is not None
    return answer_plain(turn.question, turn.answer)


def answer_markdown(turn: Turn) -> str:
    """The answer as Markdown, each citation a footnote."""
    from qa.exports import export

    assert turn.answer is not None
    _, _, answer = export((turn.answer,), "markdown").partition("\n## ")
    return disarm(f"## {answer}")


def citation_text(citation: Citation) -> str:
    """The quote with where it stands."""
    from qa.exports import citation_text

    return disarm(citation_text(citation))


def citation_reference(citation: Citation) -> str:
    """Author, title, outlet, day, address, and the quote."""
    from qa.exports import citation_reference

    return disarm(citation_reference(citation))


def copy_to_system(text: str) -> bool:
    """Put text on the system's clipboard; whether this machine has one that programs can reach. May take a while."""
    import pyperclip

    try:
        pyperclip.copy(text)
    except pyperclip.PyperclipException:
        return False
    return True
