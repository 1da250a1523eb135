"""LoRA tags: found, stripped, reweighted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterprompt.errors import InvalidInputError
from counterprompt.prompts.extra_networks import (
    find_extra_networks,
    strip_extra_networks,
    with_lora_weight,
    without_missing_loras,
)


@pytest.mark.parametrize(
    ("tag", "te_weight", "unet_weight"),
    [
        ("<lora:x>", 1.0, 1.0),
        ("<lora:x:0.7>", 0.7, 0.7),
        ("<lora:x:0.5:0.9>", 0.5, 0.9),
        ("<lora:x:te=0.5>", 0.5, 0.5),
        ("<lora:x:unet=0.5>", 1.0, 0.5),
        ("<lora:x:0.3:te=0.5:unet=0.9:dyn=4>", 0.5, 0.9),
        ("<lora:x:-1>", -1.0, -1.0),
    ],
)
def test_weights(tag: str, te_weight: float, unet_weight: float) -> None:
    """Positional and named weights are read as the WebUI reads them; named ones win."""
    (found,) = find_extra_networks(f"a, {tag}, b")

    assert ("lora", "x", te_weight, unet_weight) == (found.kind, found.name, found.te_weight, found.unet_weight)
    assert tag == found.text


@pytest.mark.parametrize(
    ("tag", "name", "positional", "named", "dyn_dim"),
    [
        ("<lora:x:0.5:0.9:8>", "x", ("x", "0.5", "0.9", "8"), {}, "8"),
        ("<lora:x:unet=0.5:dyn=4>", "x", ("x",), {"unet": "0.5", "dyn": "4"}, "4"),
        ("<lora:te=0.5:x>", "x", ("x",), {"te": "0.5"}, None),
        ("<lora:a=b=c:1>", "a=b=c", ("a=b=c", "1"), {}, None),
        ("<lora:te=1>", "", (), {"te": "1"}, None),
    ],
)
def test_arguments(
    tag: str, name: str, positional: tuple[str, ...], named: dict[str, str], dyn_dim: str | None
) -> None:
    """One equals sign makes an argument a named one; the first of the others is the name."""
    (found,) = find_extra_networks(tag)

    assert (name, positional, named, dyn_dim) == (found.name, found.positional, found.named, found.dyn_dim)


@pytest.mark.parametrize("tag", ["<lora:x:abc>", "<lora:x:1:>", "<lora:x:nan>"])
def test_unreadable_weights_are_told(tag: str) -> None:
    """A weight that is no number counts as 1 and is told."""
    (found,) = find_extra_networks(tag)

    assert 1.0 == found.unet_weight
    assert "not a number" in found.fault


@pytest.mark.parametrize("text", ["a < b", "<3", "<lora>", "<lora:>", "<lora:x:1", "a > b"])
def test_other_angle_brackets_are_text(text: str) -> None:
    """What is no complete tag stays in the prompt."""
    assert text == strip_extra_networks(text)


def test_stripping_leaves_all_other_bytes() -> None:
    """Only the tags go."""
    assert "a , (b:1.2) \n c" == strip_extra_networks("a <lora:x:1>, (b:1.2) \n c<hypernet:y:0.5>")


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a <lora:x:0.7>, (b)", "a <lora:x:0.8>, (b)"),
        ("<lora:x>", "<lora:x:0.8>"),
        ("<lora:x:0.5:1>", "<lora:x:0.4:0.8>"),
        ("<lora:x:te=0.2:unet=0.4:dyn=4>", "<lora:x:te=0.4:unet=0.8:dyn=4>"),
        ("<lora:x:unet=0.5>", "<lora:x:1.6:unet=0.8>"),
        ("<lora:x:0>", "<lora:x:0.8>"),
        ("<lora:unet=0.5:x>", "<lora:unet=0.8:x:1.6>"),
        ("<lora:x:1:0>", "<lora:x:0.8:0>"),
        ("<lora:x:1> <lora:y:1> <lyco:x:1>", "<lora:x:0.8> <lora:y:1> <lyco:x:0.8>"),
    ],
)
def test_reweighting_touches_only_the_numbers(prompt: str, expected: str) -> None:
    """The chosen LoRA gets the weight, both parts keep their ratio, everything else its bytes."""
    assert expected == with_lora_weight(prompt, "x", 0.8)


def test_a_tag_without_a_name_is_at_fault():
    """The WebUI cannot load what names no file, and nobody can give it another weight."""
    (network,) = find_extra_networks("<lora:unet=0.5>")

    assert ("", 0.5, "it names no file") == (network.name, network.unet_weight, network.fault)
    with pytest.raises(InvalidInputError, match="holds no"):
        with_lora_weight("<lora:unet=0.5>", "", 0.8)


@pytest.mark.parametrize(("name", "weight"), [("y", 0.5), ("x", float("nan"))])
def test_reweighting_refuses_nonsense(name: str, weight: float) -> None:
    """A LoRA that is not there and a weight that is no number are refused by name."""
    with pytest.raises(InvalidInputError, match=name):
        with_lora_weight("<lora:x:1>", name, weight)


@pytest.mark.parametrize("prompt", ["<a:" * 33_000, "<" * 100_000, "<lora:" + "x" * 90_000, "<a:b>" * 20_000])
def test_hostile_prompts_take_one_pass(prompt: str) -> None:
    """Unclosed tags do not make the search start over."""
    assert len(find_extra_networks(prompt)) in (0, 20_000)


@settings(max_examples=80, deadline=None, database=None)
@given(st.text(alphabet="<>lora:x1=", max_size=40))
def test_no_character_is_lost(prompt: str) -> None:
    """Of any prompt the tags and the rest have all characters."""
    tags = sum(len(network.text) for network in find_extra_networks(prompt))

    assert len(prompt) == tags + len(strip_extra_networks(prompt))


def test_loras_that_are_not_installed_are_left_out():
    """What a WebUI would skip goes, everything else stays byte for byte."""
    prompt = "a <lora:there:0.5> b <lora:gone:1> c <hypernet:x:1>, <lyco:gone:1>"

    assert "a <lora:there:0.5> b  c <hypernet:x:1>, " == without_missing_loras(prompt, {"there"})
