"""Answers whose words are true: written well, without markers, and in other words than the evidence."""

from __future__ import annotations

from tests.model_answers import Expected, ModelCase, Verdict

SUPPORTED: tuple[Verdict, ...] = ("supported",)
CHARGES, CAPSIZES, INQUIRY = (
    "meridian-ferry-charges.txt",
    "meridian-ferry-capsizes.txt",
    "courier-ferry-inquiry-opens.md",
)
BEGINS, ENDS, WIDENS = (
    "meridian-port-strike-begins.txt",
    "radiocostavia-port-strike-ends.json",
    "ledger-port-strike-widens.json",
)
COMET, EELS, HEAT = "lumen-comet-lindqvar.md", "lumen-eels-return-olm.json", "meridian-heat-record.txt"

WELL = (
    ModelCase(
        "one sentence, one citation",
        "well",
        "How many people were aboard the Skarra Queen?",
        (INQUIRY,),
        "Counsel to the inquiry, Imogen Strand, said that 221 men, women and children were aboard on 11 April "
        "[[Counsel to the inquiry, Imogen Strand]].",
        (
            Expected(
                "Counsel to the inquiry, Imogen Strand, said that 221 men, women and children were aboard on 11 April.",
                SUPPORTED,
                ("Counsel to the inquiry, Imogen Strand",),
            ),
        ),
    ),
    ModelCase(
        "two sentences from two articles",
        "well",
        "How did the port strike begin and end?",
        (BEGINS, ENDS),
        "1,850 dockworkers began an open-ended strike over pay and automation on Tuesday, March 3 "
        "[[Cranes stood idle]]. They voted to return to work after 18 days [[Dockworkers in Varnholm have voted]].",
        (
            Expected(
                "1,850 dockworkers began an open-ended strike over pay and automation on Tuesday, March 3.",
                SUPPORTED,
                ("Cranes stood idle",),
            ),
            Expected("They voted to return to work after 18 days.", SUPPORTED, ("Dockworkers in Varnholm have voted",)),
        ),
    ),
    ModelCase(
        "the newest figure of a developing story",
        "well",
        "How many people died on the Skarra Queen?",
        (CAPSIZES, CHARGES),
        "The final toll rose to 29 on June 19, when the body of the student Leo Marchetti-Lund, 19, was found "
        "[[The final toll rose to 29]].",
        (
            Expected(
                "The final toll rose to 29 on June 19, when the body of the student Leo Marchetti-Lund, 19, was found.",
                SUPPORTED,
                ("The final toll rose to 29",),
            ),
        ),
    ),
    ModelCase(
        "two sides in one sentence",
        "well",
        "How many people marched against the pension reform?",
        ("courier-pension-march.md", "harbourpost-pension-march.md"),
        "Police put the crowd at about 12,000 [[About 12,000 people]][[The estimate was given by the police]], while "
        "organisers said that 40,000 people turned out [[Organisers said 40,000]].",
        (
            Expected(
                "Police put the crowd at about 12,000, while organisers said that 40,000 people turned out.",
                SUPPORTED,
                ("About 12,000 people", "Organisers said 40,000"),
            ),
        ),
    ),
    ModelCase(
        "a quotation, word for word",
        "well",
        "What did the governor say about the rate cut?",
        ("central-bank-rate-cut",),
        'Governor Matilda Crane said that "the fire is nearly out" [["The fire is nearly out]].',
        (
            Expected(
                'Governor Matilda Crane said that "the fire is nearly out".', SUPPORTED, ('"The fire is nearly out',)
            ),
        ),
    ),
    ModelCase(
        "one sentence from two of the same article",
        "well",
        "How well does corvelast work?",
        ("lumen-corvelast-final.md",),
        "Corvelast slows the decline of kidney function by 24 per cent, less than the 31 per cent reported in February "
        "[[The kidney drug corvelast slows]][[That is enough for its maker]].",
        (
            Expected(
                "Corvelast slows the decline of kidney function by 24 per cent, less than the 31 per cent reported in "
                "February.",
                SUPPORTED,
                ("The kidney drug corvelast slows", "That is enough for its maker"),
            ),
        ),
    ),
    ModelCase(
        "a pronoun that leans on the sentence before",
        "well",
        "What did the administrator of Tessau Mercantile find?",
        ("tessau-mercantile-hole",),
        "The losses of Tessau Mercantile Bank amount to 1.4 billion crowns, administrator Helena Brock said "
        "[[The losses of Tessau Mercantile Bank]][[Helena Brock, who has moved]]. She found loans on eleven hotels in "
        "Ostrand of which four had never been built [[Helena Brock, who has moved]].",
        (
            Expected(
                "The losses of Tessau Mercantile Bank amount to 1.4 billion crowns, administrator Helena Brock said.",
                SUPPORTED,
                ("The losses of Tessau Mercantile Bank",),
            ),
            Expected(
                "She found loans on eleven hotels in Ostrand of which four had never been built.",
                SUPPORTED,
                ("Helena Brock, who has moved",),
            ),
        ),
    ),
    ModelCase(
        "a list",
        "well",
        "What is known of the attack on the hospital?",
        ("meridian-hospital-cyberattack.txt",),
        "- St Brigid's Hospital has 960 beds [[St Brigid's Hospital, which has]].\n"
        "- The attackers demanded 45 bitcoins within six days [[A message on the screens]].",
        (
            Expected("St Brigid's Hospital has 960 beds.", SUPPORTED, ("St Brigid's Hospital, which has",)),
            Expected("The attackers demanded 45 bitcoins within six days.", SUPPORTED, ("A message on the screens",)),
        ),
    ),
    ModelCase(
        "an evidence sentence word for word",
        "well",
        "How many men and women are still missing?",
        ("radiocostavia-ferry-toll-rises.json",),
        "Twelve are still missing [[Twelve are still missing]].",
        # Word for word what is cited: an answer may call it quoted or supported.
        (Expected("Twelve are still missing.", ("quoted", "supported"), ("Twelve are still missing",)),),
    ),
)

UNMARKED = (
    ModelCase(
        "said by one sentence",
        "unmarked",
        "What will the inquiry cost?",
        (INQUIRY,),
        "The public inquiry is expected to cost 14 million crowns.",
        (
            Expected(
                "The public inquiry is expected to cost 14 million crowns.",
                SUPPORTED,
                ("The inquiry is expected to cost",),
                corrected=True,
            ),
        ),
    ),
    ModelCase(
        "said in other words",
        "unmarked",
        "May the bees stay?",
        ("opera-bees",),
        "The court ruled that Florian Egede may keep six hives on the roof of the Opera.",
        (
            Expected(
                "The court ruled that Florian Egede may keep six hives on the roof of the Opera.",
                SUPPORTED,
                ("After a dispute of two and a half years",),
                corrected=True,
            ),
        ),
    ),
    ModelCase(
        "said nowhere",
        "unmarked",
        "May the bees stay?",
        ("opera-bees",),
        "Urban farming has become fashionable among wealthy investors abroad.",
        (Expected("Urban farming has become fashionable among wealthy investors abroad.", ("no citation",)),),
    ),
    ModelCase(
        "a word of introduction",
        "unmarked",
        "What is the prize worth?",
        ("2026-03-27-olm-prize",),
        "Here is what I was able to find. The Olm Prize is worth 250,000 crowns [[The prize is worth 250,000]].",
        (
            Expected("Here is what I was able to find.", ("no citation",)),
            Expected("The Olm Prize is worth 250,000 crowns.", SUPPORTED, ("The prize is worth 250,000",)),
        ),
    ),
    ModelCase(
        "a wrong figure",
        "unmarked",
        "What is the prize worth?",
        ("2026-03-27-olm-prize",),
        "The prize is worth 350,000 crowns.",
        # Nothing is cited that could contradict it, and yet the evidence does: to say either is honest.
        (Expected("The prize is worth 350,000 crowns.", ("no citation", "contradicted"), corrected=None),),
    ),
    ModelCase(
        "two sentences, each said elsewhere",
        "unmarked",
        "What damage did the storm do?",
        ("courier-storm-ottilie.md",),
        "Storm Ottilie killed two people and left 180,000 homes without electricity. "
        "Varnholm airport cancelled 96 flights.",
        (
            Expected(
                "Storm Ottilie killed two people and left 180,000 homes without electricity.",
                SUPPORTED,
                ("VARNHOLM (Meridian Wire) - Storm Ottilie",),
                corrected=True,
            ),
            Expected(
                "Varnholm airport cancelled 96 flights.",
                SUPPORTED,
                ("Varnholm airport cancelled 96 flights",),
                corrected=True,
            ),
        ),
    ),
)


def _equal(name: str, question: str, evidence: str, text: str, *cites: str) -> ModelCase:
    """A true sentence in other words than its evidence."""
    markers = "".join(f"[[{each}]]" for each in cites)
    expected = Expected(f"{text}.", SUPPORTED, cites)
    return ModelCase(name, "equal in meaning", question, (evidence,), f"{text} {markers}.", (expected,))


EQUAL = (
    _equal(
        "a rounded number",
        "How large was the poll?",
        "courier-election-campaign.md",
        "The Pellworm Institute questioned about 2,000 adults between 14 and 18 May",
        "The Pellworm Institute, which questioned",
    ),
    _equal(
        "millions for billions",
        "What does the sale cost the state?",
        "ledger-bank-sold.json",
        "The takeover of Tessau Mercantile Bank by Union Kessler will cost the state 1,200 million crowns",
        "Union Kessler Bank will take over",
    ),
    _equal(
        "a paraphrase",
        "Is the strike over?",
        ENDS,
        "Dockers in Varnholm decided by vote to go back to work",
        "Dockworkers in Varnholm have voted",
    ),
    _equal(
        "a surname alone",
        "Was the captain arrested?",
        "radiocostavia-ferry-toll-rises.json",
        "Orlen was released after 9 hours of questioning",
        "The captain, Matthis Orlen, was released",
    ),
    _equal(
        "an acronym",
        "Who closed the bank?",
        "meridian-bank-taken-over.txt",
        "The FSO closed the bank's 84 branches at noon",
        "The Financial Supervision Office closed",
    ),
    _equal(
        "a date for a weekday",
        "How hot did it get?",
        HEAT,
        "The temperature in Tessau climbed to 41.2 degrees Celsius on 22 July 2026",
        "The temperature in the university town",
    ),
    _equal(
        "figures for words",
        "What do voters think?",
        "courier-election-campaign.md",
        "61% of voters oppose raising the pension age from 65 to 67",
        "Sixty-one per cent of voters",
        "The issue that has come to dominate",
    ),
)

SOUND = (*WELL, *UNMARKED, *EQUAL)
