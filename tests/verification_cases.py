"""Sentences as a model writes them over the articles in seeds/, each with the words that it cites and its verdict.

Faithful ones reword, shorten or join what the article says; the others go wrong in one thing. The verdicts were written
down before the verification first read them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from qa.chunks import sentences
from qa.verification import Kind, Label, Reference

SEEDS = Path(__file__).parents[1] / "seeds"


@dataclass(frozen=True)
class Case:
    """``cited``: how the sentences begin, or words of them. ``kind``: what is wrong, "" where nothing is."""

    article: str
    cited: tuple[str, ...]
    claim: str
    label: Label
    kind: Kind | None = None


_DATES = {
    "courier-ferry-inquiry-opens.md": date(2026, 5, 7),
    "meridian-measles-dravik.txt": date(2026, 3, 12),
    "courier-pension-march.md": date(2026, 5, 3),
    "radiocostavia-port-strike-ends.json": date(2026, 3, 21),
    "lumen-corvelast-final.md": date(2026, 10, 8),
    "meridian-hospital-cyberattack.txt": date(2026, 2, 24),
    "harbourpost-mayor-resigns.md": date(2026, 9, 24),
}


@cache
def text_of(article: str) -> str:
    """The text of a sample article."""
    text = (SEEDS / article).read_text("utf-8")
    if article.endswith(".json"):
        return str(json.loads(text)["content"])
    return text.split("---\n", 2)[2] if article.endswith(".md") else text


def references(case: Case) -> list[Reference]:
    """The sentences that a case cites, each within its article."""
    text = text_of(case.article)
    spans = sentences(text)
    found = []
    for words in case.cited:
        at = text.index(words)
        span = next(span for span in spans if span.start <= at < span.end)
        found.append(Reference(text, span.start, span.end, published=_DATES[case.article]))
    return found


_FERRY = "courier-ferry-inquiry-opens.md"
_MEASLES = "meridian-measles-dravik.txt"
_MARCH = "courier-pension-march.md"
_STRIKE = "radiocostavia-port-strike-ends.json"
_DRUG = "lumen-corvelast-final.md"
_HOSPITAL = "meridian-hospital-cyberattack.txt"
_MAYOR = "harbourpost-mayor-resigns.md"

FAITHFUL = [
    Case(
        _FERRY,
        ("Counsel to the inquiry",),
        "Counsel Imogen Strand said that 221 people had been on board the ferry on 11 April.",
        "supported",
    ),
    Case(_FERRY, ("Twenty-eight people",), "The known death toll is 28.", "supported"),
    Case(
        _FERRY,
        ("The chairman, Anselm",),
        "Anselm Whitlock, who chairs the inquiry, plans to hear 76 witnesses over ten weeks.",
        "supported",
    ),
    Case(_FERRY, ("He hopes to report",), "Whitlock hopes to deliver his report before Christmas.", "supported"),
    Case(_FERRY, ("The inquiry is expected",), "The inquiry's expected cost is 14 million crowns.", "supported"),
    Case(
        _FERRY,
        ("The Ministry of Transport",),
        "Island Lines has had its operating licence suspended by the Ministry of Transport.",
        "supported",
    ),
    Case(
        _FERRY,
        ("The public inquiry",),
        "The inquiry into the loss of the Skarra Queen opened in Varnholm on 6 May 2026.",
        "supported",
    ),
    Case(
        _MEASLES,
        ("Two primary schools",),
        "Two primary schools in Dravik closed after 47 people caught measles.",
        "supported",
    ),
    Case(
        _MEASLES,
        ("Two primary schools", "No one has died"),
        "The outbreak, the country's largest in two decades, has killed nobody.",
        "supported",
    ),
    Case(
        _MEASLES,
        ('"Forty-one',),
        "According to Dr Miriam Sandoval-Eck, 41 of the 47 patients had not had a single dose of vaccine.",
        "supported",
    ),
    Case(
        _MEASLES,
        ("In Dravik only",),
        "Only 84% of Dravik's children are fully vaccinated when they start school, compared with 93% nationally.",
        "supported",
    ),
    Case(
        _MEASLES,
        ("The first case",),
        "The first case was a lorry driver aged 31 who had come back from abroad.",
        "supported",
    ),
    Case(
        _MEASLES,
        ("The Fern Road",),
        "The two schools, which have 690 pupils, will remain closed until 23 March.",
        "supported",
    ),
    Case(
        _MARCH,
        ("About 12,000",),
        "On Saturday roughly 12,000 people demonstrated in Belmarin against plans to increase the pension age to 67.",
        "supported",
    ),
    Case(
        _MARCH, ("A spokeswoman",), "The law was passed by the Assembly on 27 March by 124 votes to 113.", "supported"
    ),
    Case(
        _MARCH,
        ("Fourteen arrests",),
        "Police arrested 14 people, and three officers were slightly injured.",
        "supported",
    ),
    Case(
        _MARCH,
        ("The government expects",),
        "The government reckons the reform will save 6.5bn crowns by 2035.",
        "supported",
    ),
    Case(
        _MARCH,
        ("The unions announced",),
        "The unions plan another day of action on June 6, eight days before the election.",
        "supported",
    ),
    Case(
        _STRIKE,
        ("Dockworkers in Varnholm",),
        "Dockers in Varnholm voted to go back to work after an 18-day strike.",
        "supported",
    ),
    Case(
        _STRIKE,
        ("Seventy-one percent",),
        "71% of those who voted backed the settlement negotiated by mediator Cordula Reyes.",
        "supported",
    ),
    Case(
        _STRIKE,
        ("Under the agreement", "Every docker"),
        "Wages rise by 6.5 per cent over two years and each docker receives a one-off payment of 8,000 crowns.",
        "supported",
    ),
    Case(
        _STRIKE,
        ("On the question of automation",),
        "Olm Terminals promised not to introduce remotely operated cranes before January 2029.",
        "supported",
    ),
    Case(
        _STRIKE,
        ("The port's chief executive", "He put the cost"),
        "Ruben Castellane, the port's chief executive, estimated that the dispute had cost Olm Terminals "
        "190 million crowns.",
        "supported",
    ),
    Case(
        _STRIKE,
        ("Sixty-three ships", "The harbour master"),
        "It will take until about 5 April to clear the 63 ships still waiting, the harbour master expects.",
        "supported",
    ),
    Case(
        _DRUG,
        ("The kidney drug",),
        "In the final results of OLMCARE-2, corvelast slowed the loss of kidney function by 24 percent.",
        "supported",
    ),
    Case(_DRUG, ("Of the 1,240",), "1,171 of the 1,240 participants completed the trial.", "supported"),
    Case(
        _DRUG,
        ('"We gave up',),
        'Professor Yusuf Hallmark, the study\'s leader, said they had given up "a little effect" and '
        '"gained a lot of safety".',
        "supported",
    ),
    Case(
        _HOSPITAL,
        ("Doctors at",),
        "A cyberattack on Tuesday forced the hospital to put off 130 operations.",
        "supported",
    ),
    Case(
        _HOSPITAL,
        ("Health officials had",),
        "Last October a report warned that 11 of Costavia's 28 public hospitals were using outdated software.",
        "supported",
    ),
    Case(
        _MAYOR,
        ("Delving paid", "Neighbours with"),
        "Delving paid 4,200 crowns a month for the flat, while neighbours paid 12,500.",
        "supported",
    ),
]

WRONG = [
    Case(
        _FERRY,
        ("Counsel to the inquiry",),
        "Counsel Imogen Strand said that 214 people had been on board the ferry on 11 April.",
        "contradicted",
        "number",
    ),
    Case(
        _FERRY,
        ("The chairman, Anselm",),
        "Anselm Whitlock plans to hear 67 witnesses over ten weeks.",
        "contradicted",
        "number",
    ),
    Case(
        _FERRY,
        ("The inquiry is expected",),
        "The inquiry is expected to cost 14 billion crowns.",
        "contradicted",
        "money",
    ),
    Case(
        _FERRY,
        ("The public inquiry",),
        "The inquiry into the loss of the Skarra Queen opened on Thursday.",
        "contradicted",
        "date",
    ),
    Case(
        _FERRY,
        ("The Ministry of Transport",),
        "The Ministry of Transport renewed the operating licence of Island Lines.",
        "contradicted",
        "negation",
    ),
    Case(
        _FERRY,
        ('"From the call',),
        '"From the call to the capsize was twelve minutes," Strand said.',
        "contradicted",
        "quotation",
    ),
    Case(
        _FERRY,
        ("Twenty-eight people",),
        "At least 28 people are known to have died in the fire.",
        "partly supported",
        "words",
    ),
    Case(_MEASLES, ("No one has died",), "A child has died of measles in Dravik.", "contradicted", "negation"),
    Case(
        _MEASLES,
        ("The regional health office",),
        "Nine patients are in hospital, four of them in intensive care.",
        "contradicted",
        "number",
    ),
    Case(
        _MEASLES,
        ("In Dravik only",),
        "In Dravik 93 per cent of children starting school are fully vaccinated.",
        "contradicted",
        "share",
    ),
    Case(
        _MEASLES,
        ('"Forty-one',),
        "Forty-one of the 47 had never had a dose of vaccine, said Kolya Brunner.",
        "contradicted",
        "speaker",
    ),
    Case(
        _MEASLES,
        ("The Fern Road",),
        "The schools in Fern Road and Tannery Lane stay shut until April 23.",
        "contradicted",
        "date",
    ),
    Case(
        _MEASLES,
        ("The health ministry",),
        "The health ministry sent 6,000 extra doses to Belmarin.",
        "partly supported",
        "name",
    ),
    Case(
        _MARCH,
        ("About 12,000",),
        "More than 12,000 people marched through Belmarin on Saturday.",
        "contradicted",
        "number",
    ),
    Case(
        _MARCH,
        ("About 12,000",),
        "About 12,000 people marched through Belmarin in support of the plan to raise the pension age.",
        "contradicted",
        "negation",
    ),
    Case(_MARCH, ("A spokeswoman",), "The law was passed on 27 March by 113 votes to 124.", "contradicted", "number"),
    Case(
        _MARCH,
        ('"They tell us',),
        '"They tell us that we live longer," the actor Cosmo Delacourt said.',
        "contradicted",
        "speaker",
    ),
    Case(
        _MARCH,
        ("The government expects",),
        "The government expects the reform to save 6.5 billion crowns by 2053.",
        "contradicted",
        "date",
    ),
    Case(
        _STRIKE,
        ("Seventy-one percent",),
        "Seventy-one percent of the dockers rejected the settlement.",
        "contradicted",
        "negation",
    ),
    Case(
        _STRIKE,
        ("Under the agreement",),
        "Under the deal, wages go up by 6.5 percent over four years.",
        "contradicted",
        "number",
    ),
    Case(_STRIKE, ("Every docker",), "Every docker gets a payment of 8,000 euros.", "contradicted", "money"),
    Case(
        _STRIKE,
        ("The union's president",),
        "The union's president, Cordula Reyes, said that it was not everything her members had asked for.",
        "contradicted",
        "name",
    ),
    Case(
        _STRIKE,
        ("On the question of automation",),
        "Olm Terminals has promised that there will be compulsory redundancies until 2032.",
        "contradicted",
        "negation",
    ),
    Case(
        _DRUG,
        ("The kidney drug",),
        "Corvelast slows the decline of kidney function by 31 per cent, according to the final results of the trial.",
        "contradicted",
        "share",
    ),
    Case(
        _DRUG,
        ("Since August",),
        "Since August, patients in the drug group have been taking 20 milligrams instead of 10.",
        "contradicted",
        "number",
    ),
    Case(_DRUG, ("Greta Moss",), 'Greta Moss called the outcome "a miracle drug".', "partly supported", "quotation"),
    Case(
        _DRUG,
        ("Aldane Biotech",),
        "Aldane Biotech will file with the European Medicines Agency before the end of November.",
        "contradicted",
        "name",
    ),
    Case(
        _HOSPITAL,
        ('"We will not pay',),
        "The hospital will pay the ransom, medical director Amara Lindqvane said.",
        "contradicted",
        "negation",
    ),
    Case(
        _MAYOR,
        ("His deputy",),
        "His deputy, Farida Hask, takes over until a new mayor is chosen.",
        "contradicted",
        "name",
    ),
    Case(
        _MAYOR, ("Noble, 45",), "Noble, of the Civic Union, says she has decided to stand.", "contradicted", "negation"
    ),
]
