"""Whether texts support a sentence that cites them, without a language model.

``verify`` and ``Verifier`` give a verdict with a score and with what is not supported. Every number, date, sum, share,
name, quotation, speaker and negation of the sentence is looked for in the cited words and around them; the rest is
weighed by its words and by embedding. Invariant: nothing here knows a passage or an archive.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from qa.errors import UsageError
from qa.verification.evidence import Reference
from qa.verification.reading import Reading, Verifier
from qa.verification.results import SUPPORTED, Finding, Kind, Label, Status, Verification

__all__ = [
    "SUPPORTED",
    "Finding",
    "Kind",
    "Label",
    "Reading",
    "Reference",
    "Status",
    "Verification",
    "Verifier",
    "verify",
]


def verify(
    claim: str, references: str | Sequence[str | Reference], *, published: date | datetime | None = None
) -> Verification:
    """Whether the texts that a sentence cites support it: label, score in [0, 1] and reasons.

    ``references``: one text or several; a Reference marks the cited words within a text and says where it is from.
    ``published``: the day from which "Tuesday" counts in plain texts. By the local embedding model, made at the first
    call. Raises UsageError for what is no text, ModelNotInstalled or ModelError.
    """
    given = [references] if isinstance(references, str | Reference) else list(references or ())
    if not isinstance(claim, str) or not all(isinstance(each, str | Reference) for each in given):
        raise UsageError("A claim is a text; references are a text, or several texts or References.")
    dated = [Reference(each, published=published) if isinstance(each, str) else each for each in given]
    return _verifier().verify(claim, dated)


@lru_cache(maxsize=1)
def _verifier() -> Verifier:
    from qa.embedders import LocalEmbedder

    return Verifier(LocalEmbedder("int8").embed)
