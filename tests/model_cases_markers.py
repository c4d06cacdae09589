"""Answers whose words are true and whose markers are wrong, or garbled."""

from __future__ import annotations

from tests.model_answers import Expected, ModelCase
from tests.model_cases_sound import COMET, EELS, INQUIRY, SUPPORTED, WIDENS

WRONG_MARKERS = (
    ModelCase(
        "the next sentence",
        "wrong markers",
        "How many people died?",
        (INQUIRY,),
        "Twenty-eight people are known to have died in the loss of the ferry [[One passenger, a student]].",
        (
            Expected(
                "Twenty-eight people are known to have died in the loss of the ferry.",
                SUPPORTED,
                ("Twenty-eight people are known",),
                corrected=True,
            ),
        ),
    ),
    ModelCase(
        "another article, which says otherwise",
        "wrong markers",
        "How many seats has the Reform Alliance?",
        ("meridian-election-provisional-result.txt", "radiocostavia-election-recount.json"),
        "In the final result the Reform Alliance has 91 seats and the Civic Union 81 "
        "[[With all 4,212 polling stations]].",
        (
            Expected(
                "In the final result the Reform Alliance has 91 seats and the Civic Union 81.",
                SUPPORTED,
                ("It means that in the final result",),
                corrected=True,
            ),
        ),
    ),
    ModelCase(
        "out of range",
        "wrong markers",
        "How are the sea trout?",
        (EELS,),
        "The number of sea trout counted at Kelvaine rose from 1,180 in 2023 to 4,050 last year [999].",
        (
            Expected(
                "The number of sea trout counted at Kelvaine rose from 1,180 in 2023 to 4,050 last year.",
                SUPPORTED,
                ("The number of sea trout counted",),
                unresolved=("999",),
                corrected=True,
            ),
        ),
    ),
    ModelCase(
        "nought, in front of nothing that is said",
        "wrong markers",
        "Who paid for the study?",
        (EELS,),
        "Foreign governments have praised the project as a model for their own parliaments [0].",
        # A marker was written, though it leads nowhere: nothing is cited, or nothing of it is supported.
        (
            Expected(
                "Foreign governments have praised the project as a model for their own parliaments.",
                ("no citation", "unsupported"),
                unresolved=("0",),
            ),
        ),
    ),
    ModelCase(
        "every sentence that there is",
        "wrong markers",
        "How many trains run through the tunnel?",
        ("meridian-olm-tunnel-opens.txt",),
        "There will be 34 passenger trains a day in each direction at first [[*]].",
        (
            Expected(
                "There will be 34 passenger trains a day in each direction at first.",
                SUPPORTED,
                ("There will be 34 passenger trains",),
                corrected=None,
            ),
        ),
    ),
    ModelCase(
        "a right one and a wrong one",
        "wrong markers",
        "Who won the women's race?",
        ("2026-09-20-tour-of-the-olm",),
        "Ilka Thorsen of Ostrand won the women's race for the third time [[In the women's race]][[Of 140 starters]].",
        (
            Expected(
                "Ilka Thorsen of Ostrand won the women's race for the third time.",
                SUPPORTED,
                ("In the women's race",),
                corrected=None,
            ),
        ),
    ),
)

_SPOTTED = "Petra Lindqvar, 67, spotted a faint smudge in the constellation of Lynx on the night of 6 April"
_CONFIRMED = "Astronomers at Tessau Observatory confirmed the object on 9 April"
_STOCK = "Shares in Olm Terminals fell 6.3 per cent to 88.40 crowns in Belmarin"


def _garbled(name: str, style: str, behind: str = ".") -> ModelCase:
    """One true sentence with one marker in a style, and what stands behind it."""
    expected = Expected(f"{_SPOTTED}.", SUPPORTED, ("Petra Lindqvar, 67",))
    writes = f"{_SPOTTED} [[Petra Lindqvar, 67]]{behind}"
    return ModelCase(name, "garbled markers", "Who found the comet?", (COMET,), writes, (expected,), style)


GARBLED = (
    _garbled("lenticular brackets", "【{n}】"),
    _garbled("a footnote", "[^{n}]"),
    _garbled("round brackets", "({n})"),
    _garbled("a word in the brackets", "[Evidence {n}]"),
    _garbled("a source in lenticular brackets", "【{n}†source】"),
    _garbled("a source in square brackets", "[{n}†source]"),
    _garbled("double brackets", "[[{n}]]"),
    _garbled("a link", "[{n}](https://lumenscience.example/2026/04/comet-lindqvar)"),
    ModelCase(
        "two in one pair of brackets",
        "garbled markers",
        "What happened to the company's shares?",
        (WIDENS,),
        f"{_STOCK}, and the BX-20 index slipped 0.8 per cent [[Shares in Olm Terminals|The blue-chip BX-20 index]].",
        (
            Expected(
                f"{_STOCK}, and the BX-20 index slipped 0.8 per cent.",
                SUPPORTED,
                ("Shares in Olm Terminals", "The blue-chip BX-20 index"),
            ),
        ),
        "[{n}, {m}]",
    ),
    ModelCase(
        "a range",
        "garbled markers",
        "What happened to the company's shares?",
        (WIDENS,),
        f"{_STOCK}, and the BX-20 index slipped 0.8 per cent [[Shares in Olm Terminals|The blue-chip BX-20 index]].",
        (
            Expected(
                f"{_STOCK}, and the BX-20 index slipped 0.8 per cent.",
                SUPPORTED,
                ("Shares in Olm Terminals", "The blue-chip BX-20 index"),
                corrected=None,  # the sentence between them may be left out
            ),
        ),
        "[{n}-{m}]",
    ),
    ModelCase(
        "cut in the middle of a marker",
        "garbled markers",
        "Who found the comet?",
        (COMET,),
        f"{_SPOTTED} [[Petra Lindqvar, 67]]",
        # The number may be the beginning of a longer one; it may be taken for whole, or what it says be looked for.
        (Expected(_SPOTTED, SUPPORTED, ("Petra Lindqvar, 67",), corrected=None, left=" [[Petra Lindqvar, 67]]"),),
        "[{n}",
    ),
    ModelCase(
        "in code",
        "garbled markers",
        "How many ships were waiting?",
        (WIDENS,),
        "Forty-one ships were waiting at anchor at midday [[Forty-one ships]]. In a program, the first element would "
        "be `values[0]`.",
        (
            Expected("Forty-one ships were waiting at anchor at midday.", SUPPORTED, ("Forty-one ships",)),
            Expected("In a program, the first element would be `values[0]`.", ("no citation",)),
        ),
    ),
    ModelCase(
        "at the start of each line",
        "garbled markers",
        "Who found the comet?",
        (COMET,),
        f"[[Petra Lindqvar, 67]] {_SPOTTED}.\n[[Astronomers at Tessau Observatory]] {_CONFIRMED}.",
        (
            Expected(f"{_SPOTTED}.", SUPPORTED, ("Petra Lindqvar, 67",)),
            Expected(f"{_CONFIRMED}.", SUPPORTED, ("Astronomers at Tessau Observatory",)),
        ),
    ),
    ModelCase(
        "behind the stop",
        "garbled markers",
        "Who found the comet?",
        (COMET,),
        f"{_SPOTTED}. [[Petra Lindqvar, 67]] {_CONFIRMED}. [[Astronomers at Tessau Observatory]]",
        (
            Expected(f"{_SPOTTED}.", SUPPORTED, ("Petra Lindqvar, 67",)),
            Expected(f"{_CONFIRMED}.", SUPPORTED, ("Astronomers at Tessau Observatory",)),
        ),
    ),
    ModelCase(
        "on a line of their own",
        "garbled markers",
        "Who found the comet?",
        (COMET,),
        f"{_SPOTTED}.\n[[Petra Lindqvar, 67]]\n\n{_CONFIRMED}.\n[[Astronomers at Tessau Observatory]]",
        (
            Expected(f"{_SPOTTED}.", SUPPORTED, ("Petra Lindqvar, 67",)),
            Expected(f"{_CONFIRMED}.", SUPPORTED, ("Astronomers at Tessau Observatory",)),
        ),
    ),
)

MARKERS = (*WRONG_MARKERS, *GARBLED)
