"""Which model answers, what it costs, and how its stream is read; each client against a real server on the loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from qa.config import AnswerSection
from qa.errors import ConfigError, ModelInterrupted, ModelNotInstalled, ModelRefused, ModelUnreachable, UsageError
from qa.models import Choice, Message, Piece, Usage, choose
from qa.models.language_model import LanguageModel
from tests.openai_server import PATIENCE, OpenAIServer, Reply, begin, delta, end, error, says, usage

ASKED: list[Message] = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Who sank?"}]
LLAMAINDEX = "llama_index.llms.openai_like.OpenAILike"


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as running:
        yield running


def settings(**values: object) -> AnswerSection:
    return AnswerSection.model_validate({"retries": 0, **values})


@pytest.fixture(params=["openai", "llamaindex"])
def model(request: pytest.FixtureRequest, server: OpenAIServer) -> LanguageModel:
    """The same contract for each way to a model."""
    section = settings(base_url=server.url, model="m")
    if request.param == "llamaindex":
        arguments = {"api_base": server.url, "api_key": "sk-0123456789", "is_chat_model": True, "max_retries": 0}
        section = settings(provider="llamaindex", class_path=LLAMAINDEX, arguments={**arguments, "model": "m"})
    choice = choose(section)
    assert choice is not None
    return LanguageModel(choice, section)


def pieces(model: LanguageModel) -> list[Piece]:
    return [piece for piece in model.stream(ASKED) if piece is not None]


@pytest.mark.parametrize(
    ("values", "named", "chosen"),
    [
        ({}, None, None),
        ({"provider": "none", "model": "gpt-4o", "base_url": "http://localhost:1/v1"}, None, None),
        ({}, "gpt-4o", Choice("openai", "gpt-4o", "api.openai.com")),
        ({"model": "gpt-4o"}, None, Choice("openai", "gpt-4o", "api.openai.com")),
        ({"base_url": "http://me:secret@localhost:11434/v1"}, None, Choice("openai", "", "localhost:11434")),
        ({"base_url": "http://localhost:1/v1", "model": "a"}, "b", Choice("openai", "b", "localhost:1")),
        ({"class_path": "a.b.C"}, None, Choice("llamaindex", "", "a.b.C")),
        (
            {"class_path": "a.b.C", "arguments": {"model": "x", "api_base": "http://h:2/v1"}},
            None,
            Choice("llamaindex", "x", "h:2"),
        ),
        ({"provider": "openai"}, None, Choice("openai", "", "api.openai.com")),
    ],
)
def test_who_answers(values: dict[str, object], named: str | None, chosen: Choice | None) -> None:
    assert choose(settings(**values), named) == chosen


def test_a_model_cannot_be_named_where_none_is_wanted() -> None:
    with pytest.raises(UsageError, match="provider is 'none'"):
        choose(settings(provider="none"), "gpt-4o")


def test_pieces_usage_and_finish(model: LanguageModel, server: OpenAIServer) -> None:
    server.will(Reply([*begin("It ", "sank."), delta("stop"), usage(1200, 7, 900), b"data: [DONE]\n\n"]))
    found = pieces(model)
    assert "".join(each.delta for each in found) == "It sank."
    assert [each.finish for each in found if each.finish] == ["stop"]
    (counted,) = [each.usage for each in found if each.usage]
    assert (counted.calls, counted.tokens_in, counted.tokens_out) == (1, 1200, 7)
    assert counted.cached == (900 if model.choice.provider == "openai" else 0)
    (request,) = server.requests
    assert [each["content"] for each in request.body["messages"]] == ["Be brief.", "Who sank?"]
    assert request.body["model"] == "m"


def test_thoughts_are_no_answer(model: LanguageModel, server: OpenAIServer) -> None:
    server.will(Reply([delta(role="assistant", content=None, reasoning_content="Hm."), *begin("It sank."), *end()]))
    found = pieces(model)
    assert next(each.thinking for each in found) is True
    assert "".join(each.delta for each in found) == "It sank."


def test_a_reader_is_woken_while_nothing_comes(model: LanguageModel, server: OpenAIServer) -> None:
    server.will(Reply([*begin("It"), "stall"]))
    with closing(model.stream(ASKED)) as stream:
        assert next(piece.delta for piece in stream if piece is not None and piece.delta) == "It"
        assert next(piece for piece in stream if piece is None or piece.delta) is None


@pytest.mark.parametrize(("steps", "kind"), [([], ModelUnreachable), (begin("It sank"), ModelInterrupted)])
def test_a_server_that_hangs(
    server: OpenAIServer, steps: list[bytes], kind: type[ModelUnreachable | ModelInterrupted]
) -> None:
    server.will(Reply([*steps, "stall"]))
    section = settings(base_url=server.url, model="m", first_timeout=0.3, timeout=0.3)
    with pytest.raises(kind, match="timeout"):
        pieces(LanguageModel(Choice("openai", "m", "here"), section))


def test_closing_closes_the_connection_even_before_the_first_word(server: OpenAIServer) -> None:
    server.will(Reply(["hang up"]))
    stream = LanguageModel(Choice("openai", "m", "here"), settings(base_url=server.url)).stream(ASKED)
    assert next(stream) is None
    stream.close()
    assert server.hung_up.wait(PATIENCE)
    names = [each.name for each in threading.enumerate()]
    assert "newsdesk-model" not in names


@pytest.mark.parametrize("name", ["temperature", "stream_options"])
@pytest.mark.parametrize("status", [400, 422])
def test_what_a_server_refuses_is_left_out_from_then_on(server: OpenAIServer, name: str, status: int) -> None:
    server.will(error(status, f"Unsupported value: '{name}' is not for this model."), says("It sank."), says("Again."))
    model = LanguageModel(Choice("openai", "m", "here"), settings(base_url=server.url))
    assert "".join(each.delta for each in pieces(model)) == "It sank."
    pieces(model)
    assert [name in request.body for request in server.requests] == [True, False, False]


def test_other_refusals_are_errors(server: OpenAIServer) -> None:
    server.will(error(400, "messages must not be empty"))
    with pytest.raises(ModelRefused, match="messages must not be empty"):
        pieces(LanguageModel(Choice("openai", "m", "here"), settings(base_url=server.url)))
    assert len(server.requests) == 1


def test_the_only_model_of_a_server_needs_no_name(server: OpenAIServer) -> None:
    server.will(says("It sank."))
    model = LanguageModel(Choice("openai", "", "here"), settings(base_url=server.url))
    pieces(model)
    assert server.requests[0].body["model"] == "scripted"
    server.models = ["b", "a"]
    with pytest.raises(ConfigError, match=r"has these: a, b\. Name one"):
        pieces(model)
    assert model.offered() == ["a", "b"]


def test_a_server_that_does_not_say_which_models_it_has_is_not_waited_for() -> None:
    with ThreadPoolExecutor(1) as pool, socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        section = settings(base_url=f"http://{host}/v1", first_timeout=0.3, retries=2)
        listed = pool.submit(LanguageModel(Choice("openai", "m", host), section).offered)
        with pytest.raises(ModelUnreachable) as caught:
            listed.result(PATIENCE)
    assert str(caught.value).startswith(f"{host} did not say in time which models it has (0.3 s at the most).")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nothing_is_sent_on_to_another_server(server: OpenAIServer, status: int) -> None:
    with OpenAIServer() as other:
        other.will(says("It sank."))
        address = f"{other.url}/chat/completions"
        server.will(Reply([], status, {"Location": address.replace("//", "//me:secret@") + "?key=x"}))
        with pytest.raises(ModelRefused) as caught:
            pieces(LanguageModel(Choice("openai", "m", "here"), settings(base_url=server.url, retries=2)))
        assert f"m at here: the server sends the request on to {address}. Newsdesk follows no redirect" in str(
            caught.value
        )
        assert "change base_url" in str(caught.value)
        assert not other.requests
    assert len(server.requests) == 1


def test_the_list_of_models_is_not_asked_for_elsewhere(server: OpenAIServer) -> None:
    with OpenAIServer() as other:
        server.moved = f"{other.url}/models"
        model = LanguageModel(Choice("openai", "m", "here"), settings(base_url=server.url))
        with pytest.raises(ModelRefused, match=f"sends the request on to {other.url}/models"):
            model.offered()


def test_a_password_in_the_address_is_not_shown_where_the_server_repeats_it(server: OpenAIServer) -> None:
    server.will(error(401, "Nobody is called reader-91 with the password p/word-92 (p%2Fword-92)."))
    section = settings(base_url=server.url.replace("//", "//reader-91:p%2Fword-92@"))
    with pytest.raises(ModelRefused, match=r"Nobody is called \[key\] with the password \[key\] \(\[key\]\)"):
        pieces(LanguageModel(Choice("openai", "m", "here"), section))


def test_openai_itself_needs_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789")
    with pytest.raises(ConfigError, match="names no model of OpenAI's"):
        pieces(LanguageModel(Choice("openai", "", "api.openai.com"), settings(provider="openai")))


def test_arguments_are_sent_along(server: OpenAIServer) -> None:
    server.will(says("It sank."))
    section = settings(base_url=server.url, arguments={"max_completion_tokens": 50})
    pieces(LanguageModel(Choice("openai", "m", "here"), section))
    assert server.requests[0].body["max_completion_tokens"] == 50


def test_a_class_that_is_not_there_is_named() -> None:
    section = settings(provider="llamaindex", class_path="llama_index.llms.nowhere.Model")
    with pytest.raises(ModelNotInstalled, match="pip install llama-index-llms-nowhere"):
        pieces(LanguageModel(Choice("llamaindex", "", "nowhere"), section))


def test_usage_adds_up_and_costs() -> None:
    section = settings(price_in=2.0, price_cached=0.5, price_out=10.0, currency="EUR")
    one = Usage(1, 1_000_000, 100_000, 400_000, first_token=0.5).priced(section)
    assert one.cost == pytest.approx(0.6 * 2 + 0.4 * 0.5 + 0.1 * 10)
    assert one.cost is not None
    both = one + Usage(1, 1000, 10).priced(section)
    assert (both.calls, both.tokens_in, both.tokens_out, both.currency) == (2, 1_001_000, 100_010, "EUR")
    assert both.first_token == 0.5
    assert both.cost == pytest.approx(one.cost + 0.002 + 0.0001)
    assert Usage(1, 10, 10).priced(settings()).cost is None
    assert (one + Usage(1, known=False)).known is False
