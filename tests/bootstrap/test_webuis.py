"""Which WebUIs draw, and whether they draw alike."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from counterprompt.bootstrap.generators import GeneratorChoice, load_generator, model_name
from counterprompt.bootstrap.webuis import DEFAULT_URL, joined_urls, load_webuis, loaded_checkpoint
from counterprompt.errors import GeneratorError, InvalidInputError
from counterprompt.generation.fake import FakeGenerator

STAND_IN = Path(__file__).parents[1] / "generation" / "webui_stand_in.py"
spec = importlib.util.spec_from_file_location("webui_stand_in", STAND_IN)
webui_stand_in = importlib.util.module_from_spec(spec)
spec.loader.exec_module(webui_stand_in)


@pytest.fixture
def hosts():
    """Two WebUIs with the same checkpoint."""
    pair = [webui_stand_in.StandIn(), webui_stand_in.StandIn()]
    yield pair
    for host in pair:
        host.close()


@pytest.mark.parametrize(("urls", "expected"), [(None, DEFAULT_URL), ([], DEFAULT_URL), (["a", "b"], "a b")])
def test_addresses_are_one_text(urls, expected: str) -> None:
    """A study's notes hold all of them in one field."""
    assert expected == joined_urls(urls)


def test_an_address_with_blanks_is_no_two_addresses() -> None:
    """What the user gave as one address is refused as a whole."""
    with pytest.raises(InvalidInputError, match="not a url"):
        joined_urls(["not a url"])


def test_several_draw_as_one(hosts) -> None:
    """Both are asked, the pool tells their common checkpoint, and a single one stays what it is."""
    choice = GeneratorChoice("webui", joined_urls([host.url for host in hosts]))

    pool = load_generator(choice)

    assert f"webui: {hosts[0].url} + webui: {hosts[1].url}" == pool.name
    assert "tiny.safetensors [15234174dd]" == model_name(choice, pool)
    assert f"webui: {hosts[0].url}" == load_webuis(f"{hosts[0].url} {hosts[0].url}").name
    assert loaded_checkpoint(FakeGenerator()) is None


def test_different_checkpoints_are_refused(hosts) -> None:
    """Hosts that would draw different pictures are named with what they have loaded."""
    hosts[1].options["sd_model_checkpoint"] = "other.safetensors"

    with pytest.raises(InvalidInputError, match=r'has "other\.safetensors"'):
        load_webuis(" ".join(host.url for host in hosts))


def test_one_that_does_not_answer_is_named(hosts) -> None:
    """A study does not start with a host missing."""
    hosts[1].close()

    with pytest.raises(GeneratorError, match="Nothing listens at"):
        load_webuis(" ".join(host.url for host in hosts))
