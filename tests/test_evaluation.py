"""Evaluation: the figures by hand and against ir-measures, mistakes in the questions told, and what `eval` prints."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qa
from qa.articles import Article
from qa.articles.urls import canonical_url
from qa.config import Config
from qa.errors import UsageError
from qa.evaluation import Case, Evaluation, Figure, Outcome, evaluate, goes_by, read_cases
from qa.evaluation.figures import (
    area,
    exact_match,
    false_answers_at,
    figure,
    first_rank,
    holds,
    mean,
    normalised,
    ranking,
    token_f1,
)
from tests.conftest import ROOT
from tests.newsroom import Newsroom, article_file, newsroom, reprint, story
from tests.test_cli import run

DATA = ROOT / "tests" / "data"
QUESTIONS = sorted(DATA.glob("seed_*.jsonl"))
FERRY = "A ferry sank off Skarra on Monday. Six people died, the coastguard said. The captain was Matthis Orlen."
BRIDGE = "The bridge over the Olm opened on Friday. It cost 14 million crowns and took nine years to build."


# --- comparing


def test_texts_are_compared_as_whole_words_without_case_punctuation_and_articles() -> None:
    assert normalised("The 'Olm', a river_bed — an estuary.") == " olm river bed estuary "
    assert holds("It happened in THE Old-Town, yesterday.", ["an old town"])
    assert not holds("29 lives", ["9"])
    assert not holds("anything at all", ["the", " ", "…"])


@pytest.mark.parametrize(
    ("given", "exact", "f1"),
    [
        ("The Olm Terminals", True, 1.0),
        ("Terminals of Olm", False, 0.8),
        ("Island Lines", False, 0.0),
        ("", False, 0.0),
    ],
)
def test_short_answers_are_scored_against_the_best_of_the_answers(given: str, exact: bool, f1: float) -> None:
    answers = ["a port", "olm terminals"]
    assert exact_match(given, answers) is exact
    assert token_f1(given, answers) == pytest.approx(f1)


def test_ranks_count_to_ten() -> None:
    texts = [f"text {number}" for number in range(1, 13)]
    assert first_rank(texts, lambda text: text == "text 10") == 10
    assert first_rank(texts, lambda text: text == "text 11") is None
    assert ranking(4) == {"hit@1": 0.0, "hit@3": 0.0, "hit@5": 1.0, "hit@10": 1.0, "mrr@10": 0.25}
    assert ranking(None) == {"hit@1": 0.0, "hit@3": 0.0, "hit@5": 0.0, "hit@10": 0.0, "mrr@10": 0.0}


def test_ranking_figures_are_those_of_ir_measures() -> None:
    from ir_measures import RR, Success, calc_aggregate

    chance = np.random.default_rng(3)
    relevant = [chance.random(14) < 0.15 for _ in range(60)]
    qrels = {f"q{q}": {f"d{d}": int(is_so) for d, is_so in enumerate(row)} for q, row in enumerate(relevant)}
    runs = {f"q{q}": {f"d{d}": float(-d) for d in range(14)} for q in range(60)}
    measures = {
        "hit@1": Success @ 1,
        "hit@3": Success @ 3,
        "hit@5": Success @ 5,
        "hit@10": Success @ 10,
        "mrr@10": RR @ 10,
    }
    theirs = calc_aggregate(list(measures.values()), qrels, runs)
    scores = [ranking(first_rank([str(is_so) for is_so in row], lambda text: text == "True")) for row in relevant]
    assert 0.3 < theirs[RR @ 10] < 0.7
    for name, measure in measures.items():
        assert np.mean([each[name] for each in scores]) == pytest.approx(theirs[measure]), name


# --- figures


def test_the_area_is_the_share_of_pairs_in_order() -> None:
    assert area(np.array([0.9, 0.5]), np.array([0.5, 0.1])) == pytest.approx(3.5 / 4)
    assert area(np.array([0.1]), np.array([0.2, 0.3])) == 0.0


def test_false_answers_are_counted_where_a_twentieth_of_the_others_is_refused() -> None:
    answerable = np.linspace(0.05, 1.0, 20)  # 0.05 falls, so the threshold is 0.10
    assert false_answers_at(answerable, np.array([0.06, 0.0999, 0.1, 0.2])) == 0.5


def test_an_interval_is_repeatable_and_narrows_with_n() -> None:
    few, many = ([1.0, 0.0] * half for half in (10, 1000))
    found = figure("share", mean, few)
    assert found == figure("share", mean, few)
    assert (found.name, found.value, found.n) == ("share", 0.5, 20)
    assert 0.2 < found.low < 0.4 < 0.6 < found.high < 0.8
    wide, narrow = (each.high - each.low for each in (found, figure("share", mean, many)))
    assert wide / narrow == pytest.approx(10, rel=0.15)  # the square root of the hundredfold
    assert figure("sure", mean, [1.0] * 5) == Figure("sure", 1.0, 1.0, 1.0, 5)


# --- reading questions


def read(folder: Path, text: str) -> list[Case]:
    file = folder / "questions.jsonl"
    file.write_text(text, encoding="utf-8")
    return read_cases(file)


def test_a_question_is_read_with_everything_that_is_known_of_it(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"question": "Who?", "answers": ["Orlen"], "articles": ["ferry"], "now": None, "label": "who", "mine": 7},
        {"question": "And when?", "turns": ["Who?"], "evidence": ["on Monday"], "now": "2026-04-12", "kind": "when"},
        {"question": "Why?"},
        {"question": "Which?", "answers": ["None"], "answerable": False},
    ]
    first, second, third, fourth = read(tmp_path, "\n\n".join(map(json.dumps, rows)))
    where = tmp_path / "questions.jsonl"
    assert first == Case("Who?", ("Orlen",), articles=("ferry",), kind="who", where=f"{where}:1")
    assert second == Case(
        "And when?", evidence=("on Monday",), now="2026-04-12", turns=("Who?",), kind="when", where=f"{where}:3"
    )
    assert (third.answerable, fourth.answerable, fourth.answers) == (False, False, ("None",))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", ":2: is not JSON"),
        ("[]", ":2: is not an object"),
        ('{"answers": ["x"]}', ":2: 'question' is missing"),
        ('{"question": " ", "answers": ["x"]}', ":2: 'question' is missing"),
        ('{"question": "Who?", "answer": ["x"]}', ":2: 'answer' is no field; perhaps 'answers'?"),
        ('{"question": "Who?", "answers": "x"}', ":2: 'answers' must be a list of texts"),
        ('{"question": "Who?", "answers": [29]}', ":2: 'answers' must be a list of texts"),
        ('{"question": "Who?", "answers": [" "]}', ":2: 'answers' must be a list of texts"),
        ('{"question": "Who?", "answers": ["x"], "answerable": "yes"}', ":2: 'answerable' must be true or false"),
        ('{"question": "Who?", "answerable": true}', ":2: nothing is known of the answer"),
        ('{"question": "Who?", "answers": ["x"], "now": "soon"}', ":2: now = 'soon' is no date"),
        ('{"question": "Who?", "answers": ["x"], "kind": 3}', ":2: 'kind' must be a text"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(UsageError, match=re.escape(told)):
        read(tmp_path, '{"question": "Who?", "answers": ["x"]}\n' + line)


def test_files_that_hold_no_questions_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no question"):
        read(tmp_path, "\n \n")
    with pytest.raises(UsageError, match="cannot be read"):
        read_cases(tmp_path / "absent.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b'{"question": "caf\xe9"}')
    with pytest.raises(UsageError, match="is not UTF-8"):
        read_cases(tmp_path / "latin.jsonl")


# --- asking


@pytest.fixture
def news(tmp_path: Path) -> Iterator[Newsroom]:
    """An archive of two articles and the model that is none."""
    folder = tmp_path / "news"
    article_file(folder / "ferry.json", FERRY, title="Ferry sinks", url="https://post.example/ferry/")
    article_file(folder / "bridge.json", BRIDGE, title="Bridge opens")
    with newsroom(tmp_path) as archive:
        archive.ingest([folder])
        yield archive


def asked(archive: qa.Archive, **fields: Any) -> Outcome:
    return evaluate(archive, [Case(**fields)], mode="extractive").outcomes[0]


def test_an_answered_question_has_every_score_that_applies(news: Newsroom) -> None:
    outcome = asked(
        news,
        question="What did the bridge over the Olm cost?",
        answers=("14 million crowns",),
        articles=("bridge", "https://post.example/ferry"),
        evidence=("It cost 14 million crowns", "Six people  died"),
    )
    assert outcome.rank == 1
    assert (outcome.missing, outcome.unfound, outcome.failure) == ((), (), "")
    scores = outcome.scores
    unpinned = {"sentence@1", "short exact", "short F1"}  # which sentence leads is the extractor's matter
    assert {name: score for name, score in scores.items() if name not in unpinned} == {
        **dict.fromkeys(("hit@1", "hit@3", "hit@5", "hit@10", "mrr@10", "sentence@3"), 1.0),
        **dict.fromkeys(("articles@10", "all evidence@10"), 1.0),
        "false refusals": 0.0,
    }
    assert outcome.search_seconds > 0 < outcome.ask_seconds


def test_an_article_is_found_in_its_near_copy(tmp_path: Path) -> None:
    text = story(1)
    article_file(tmp_path / "news" / "courier.json", text, outlet="Courier", published="2026-03-01")
    article_file(tmp_path / "news" / "post.json", reprint(text), outlet="Post", published="2026-03-02")
    with newsroom(tmp_path) as archive:
        archive.ingest([tmp_path / "news"])
        outcome = asked(archive, question=text.split(".")[0], answers=("x",), articles=("courier", "post"))
    assert (len({each.article.id for each in outcome.passages}), outcome.unfound) == (1, ())


def test_what_went_wrong_is_said(news: Newsroom) -> None:
    cost = "What did the bridge over the Olm cost?"
    assert asked(news, question=cost, answerable=False).failure == "answered, though nothing answers it"
    assert asked(news, question="Zyzzyva?", answers=("x",)).failure == "refused"
    wrong = asked(news, question=cost, answers=("15 million",), articles=("bridge", "viaduct"))
    assert wrong.failure == "not in the first 3 sentences; nor in the first 10 passages"
    assert (wrong.unfound, wrong.scores["articles@10"]) == (("viaduct",), 0.5)
    lacking = asked(news, question=cost, evidence=("It cost 14 million", "It cost 15 million"))
    assert (lacking.missing, lacking.scores["all evidence@10"]) == (("It cost 15 million",), 0.0)
    assert lacking.failure == "evidence missing from the first 10 passages"
    assert asked(news, question="Zyzzyva?", answerable=False).failure == ""


def test_nothing_published_after_the_moment_of_asking_counts(tmp_path: Path) -> None:
    article_file(tmp_path / "news" / "bridge.json", BRIDGE, published="2026-03-06")
    with newsroom(tmp_path) as archive:
        archive.ingest([tmp_path / "news"])
        cost = {"question": "What did the bridge over the Olm cost?", "answers": ("14 million crowns",)}
        assert [asked(archive, now=day, **cost).rank for day in ("2026-03-05", "2026-03-06")] == [None, 1]


class Listening(Newsroom):
    """An archive that remembers what it was asked, after which turns, and what it said."""

    def __init__(self, path: Path, config: Config) -> None:
        super().__init__(path, config)
        self.heard: list[tuple[str, list[tuple[str, str]]]] = []
        self.said: list[str] = []

    def ask(self, question: str, **options: Any) -> qa.Answer:
        self.heard.append((question, [(each.question, each.answer) for each in options["turns"]]))
        answer = super().ask(question, **options)
        self.said.append(answer.text)
        return answer


def test_a_follow_up_comes_after_the_turns_before_it(tmp_path: Path) -> None:
    article_file(tmp_path / "news" / "ferry.json", FERRY)
    with newsroom(tmp_path, kind=Listening) as archive:
        assert isinstance(archive, Listening)
        archive.ingest([tmp_path / "news"])
        asked(archive, question="When?", turns=("Who was the captain?", "What sank?"), answers=("Monday",))
        assert archive.heard == [
            ("Who was the captain?", []),
            ("What sank?", [("Who was the captain?", archive.said[0])]),
            ("When?", [("Who was the captain?", archive.said[0]), ("What sank?", archive.said[1])]),
        ]


def test_figures_are_over_the_questions_that_they_apply_to(news: Newsroom) -> None:
    cases = [
        Case("What did the bridge over the Olm cost?", ("14 million crowns",), kind="cost"),
        Case("Who was the captain of the ferry?", ("Pia Hjelm",), kind="who"),
        Case("What did the coastguard say of the ferry?", evidence=("Six people died",), kind="who"),
        Case("Zyzzyva?", answerable=False, kind="who"),
    ]
    evaluation = evaluate(news, cases, mode="extractive")
    found = {each.name: (each.value, each.n) for each in evaluation.figures}
    assert found["hit@10"] == (0.5, 2)
    assert found["sentence@3"] == (0.5, 2)
    assert found["all evidence@10"] == (1.0, 1)
    assert found["false refusals"] == (0.0, 3)
    assert found["false answers"] == (0.0, 1)
    assert found["confidence AUC"] == (1.0, 4)
    assert found["false answers at 5% false refusals"] == (0.0, 4)
    assert found["ask, median ms"][1] == found["search, 95th percentile ms"][1] == 4
    assert "articles@10" not in found
    assert {
        kind: {each.name: each.n for each in some}["false refusals"] for kind, some in evaluation.kinds.items()
    } == {
        "cost": 1,
        "who": 2,
    }
    assert [each.case.question for each in evaluation.failed] == ["Who was the captain of the ferry?"]


def test_without_kinds_there_is_no_table_of_them(news: Newsroom) -> None:
    assert evaluate(news, [Case("Zyzzyva?", answerable=False)], mode="extractive").kinds == {}
    assert Evaluation(()).failed == ()


def test_an_article_goes_by_its_id_its_addresses_and_its_file() -> None:
    article = Article("ab12", "T", "x", url="https://post.example/a?b=1", source="/news/spring.jsonl#item-7")
    assert goes_by(article) == {
        *("ab12", "https://post.example/a?b=1", str(canonical_url("https://post.example/a?b=1"))),
        *("/news/spring.jsonl", "spring.jsonl", "spring", "item-7"),
    }


# --- the command


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with an archive, and two questions of which one goes wrong."""
    folder = tmp_path_factory.mktemp("eval")
    article_file(folder / "articles" / "bridge.json", BRIDGE, title="Bridge opens", outlet="The Post")
    assert run(folder, "ingest", "articles").returncode == 0
    rows: list[dict[str, Any]] = [
        {"question": "What did the bridge over the Olm cost?", "answers": ["14 million crowns"], "kind": "cost"},
        {"question": "When did the bridge over the Olm open?", "answers": ["Sunday"], "kind": "when"},
    ]
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder


def test_eval_prints_figures_then_what_went_wrong(folder: Path) -> None:
    done = run(folder, "eval", "questions.jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[0] == "figure 95% interval n"
    assert lines[1] == "hit@1 .500 .000 to 1.000 2"
    assert "false refusals .000 .000 to .000 2" in lines
    assert "kind hit@10 all evidence@10 sentence@1 sentence@3 false refusals false answers n" in lines
    assert "when .000 .000 .000 .000 1" in lines
    at = lines.index("When did the bridge over the Olm open?")
    assert lines[at + 1] == "not in the first 3 sentences; nor in the first 10 passages (questions.jsonl:2)"
    assert lines[at + 2] == "expected: Sunday"
    assert lines[at + 3].startswith("said: The bridge over the Olm opened on Friday.")
    assert lines[at + 3].endswith("[Bridge opens, The Post, undated]")
    assert "What did the bridge over the Olm cost?" not in lines


def test_eval_json_is_pinned(folder: Path) -> None:
    done = run(folder, "eval", "questions.jsonl", "--json", "--limit", "1")
    found = json.loads(done.stdout)
    assert list(found) == ["questions", "figures", "kinds", "failed"]
    assert found["questions"] == 1
    assert found["figures"][0] == {"metric": "hit@1", "value": 1.0, "interval": [1.0, 1.0], "n": 1}
    assert [each["metric"] for each in found["figures"]][-4:] == [
        *("search, median ms", "search, 95th percentile ms", "ask, median ms", "ask, 95th percentile ms"),
    ]
    assert (list(found["kinds"]), found["failed"]) == (["cost"], [])
    failed = json.loads(run(folder, "eval", "questions.jsonl", "--json").stdout)["failed"]
    assert [list(each) for each in failed] == [
        [
            *("where", "question", "failure", "expected", "missing_evidence", "articles_not_found", "rank"),
            *("confidence", "answer"),
        ]
    ]


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("absent.jsonl",), 2, "newsdesk: absent.jsonl: cannot be read (No such file or directory)"),
        (("questions.jsonl", "--limit", "0"), 2, "--limit"),
        (("questions.jsonl", "--mode", "loud"), 2, "mode = 'loud'"),
        ((), 2, "Missing argument"),
    ],
)
def test_wrong_usage_of_eval_ends_with_2(folder: Path, arguments: tuple[str, ...], status: int, told: str) -> None:
    done = run(folder, "eval", *arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert told in done.stderr


def test_eval_without_an_archive_fails_with_1(folder: Path) -> None:
    done = run(folder, "eval", "questions.jsonl", archive="nowhere")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no archive there" in done.stderr


# --- the gate and the documented figures


@pytest.mark.parametrize("file", QUESTIONS, ids=lambda file: file.stem)
def test_every_sample_question_is_answered_by_a_sample_article(file: Path, seeds_archive: qa.Archive) -> None:
    articles = [(goes_by(each), f"{each.title}\n{each.text}".casefold()) for each in seeds_archive.articles()]
    for case in read_cases(file):
        assert bool(case.articles) == case.answerable, case.where
        texts = []
        for name in case.articles:
            found = [text for names, text in articles if {name, canonical_url(name)} & names]
            assert len(found) == 1, (case.where, name)
            texts += found
        for answer in (*case.answers, *case.evidence):
            assert any(answer.casefold() in text for text in texts), (case.where, answer)


def test_the_sample_questions_are_many_and_of_every_kind() -> None:
    cases = [case for file in QUESTIONS for case in read_cases(file)]
    kinds = [case.kind for case in cases]
    assert len(cases) >= 200
    assert len({(case.question, case.turns) for case in cases}) == len(cases)
    for kind, least in {"follow-up": 15, "dated": 12, "outlet": 12, "several": 10, "compare": 10}.items():
        assert kinds.count(kind) >= least, kind
    assert all(case.turns for case in cases if case.kind == "follow-up")
    assert all(len(case.evidence) > 1 for case in cases if case.kind in ("several", "compare") and case.answerable)


def script(name: str) -> Any:
    """A program of benchmarks/, imported."""
    spec = importlib.util.spec_from_file_location(f"benchmarks_{name}", ROOT / "benchmarks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)  # dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


def test_the_gate_names_each_bound_that_is_not_kept() -> None:
    figures = {
        "every": [Figure("hit@1", 0.7, 0.6, 0.8, 119), Figure("false refusals", 0.05, 0.0, 0.1, 119)],
        "dated": [Figure("hit@1", 0.5, 0.2, 0.8, 12)],
    }
    floors = {
        "every": {"at_least": {"hit@1": 0.7}, "at_most": {"false refusals": 0.04}},
        "dated": {"at_least": {"hit@1": 0.51, "hit@5": 0.6}},
    }
    assert list(script("gate").broken(figures, floors)) == [
        "every: false refusals is 0.050 (n = 119), above its ceiling 0.040",
        "dated: hit@1 is 0.500 (n = 12), below its floor 0.510",
        "dated: hit@5 is not measured",
    ]
    kept = {"every": {"at_least": {"hit@1": 0.7}, "at_most": {"false refusals": 0.05}}}
    assert list(script("gate").broken(figures, kept)) == []


def test_the_gates_floors_bound_what_is_measured() -> None:
    import tomllib

    floors = tomllib.loads((ROOT / "benchmarks" / "floors.toml").read_text("utf-8"))
    kinds = {case.kind for file in QUESTIONS for case in read_cases(file)}
    assert {"every", "follow-up", "dated", "outlet", "several", "compare"} <= floors.keys()
    assert floors.keys() <= kinds | {"every"}
    assert all(set(bounds) <= {"at_least", "at_most"} for bounds in floors.values())


def test_a_table_shows_n_once_where_all_figures_share_it() -> None:
    tables = script("tables")
    hits = (Figure("hit@1", 0.6391, 0.57, 0.7, 208), Figure("mrr@10", 1.0, 1.0, 1.0, 208))
    gains = (Figure("hit@1", -0.0312, -0.1, 0.04, 208), Figure("mrr@10", 0.0, 0.0, 0.0, 9))
    times = (Figure("median ms", 1234.5, 999.6, 1500.0, 200),)
    shown = [
        tables.Table("Retrieval", (tables.Row("ours", hits), tables.Row("ours less theirs", gains))).as_json(),
        tables.Table("Time", (tables.Row("ask", times),)).as_json(),
    ]
    assert tables.markdown({"command": "python it.py", "tables": shown}).splitlines() == [
        "",
        "**Retrieval**",
        "",
        "| | hit@1 | mrr@10 | n |",
        "|---|---|---|---|",
        "| ours | .639 (.57 to .70) | 1.000 (1.00 to 1.00) | 208 |",
        "| ours less theirs | -.031 (-.10 to .04), n = 208 | .000 (.00 to .00), n = 9 |  |",
        "",
        "**Time**",
        "",
        "| | median ms | n |",
        "|---|---|---|",
        "| ask | 1,234 (1,000 to 1,500) | 200 |",
        "",
        "    python it.py",
        "",
    ]


def test_the_documented_figures_are_the_newest_results() -> None:
    check = [sys.executable, str(ROOT / "benchmarks" / "figures.py"), "docs", "--check"]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
