"""Which LoRAs a prompt has, and within which weights each is varied."""

import pytest

from counterprompt.search.own_loras import own_loras, weights_to_try


def test_of_two_tags_with_one_name_the_last_counts():
    """Every LoRA is listed once, other extra networks not at all."""
    found = own_loras("a house <lora:x:0.2> <lora:y:1> <lora:x:0.7> <hypernet:z:1>")

    assert {"x": 0.7, "y": 1.0} == {name: tag.weight for name, tag in found.items()}


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("<lora:x:0.7>", (0.5, 1.0)),
        ("<lora:x:1.2>", (0.5, 1.2)),
        ("<lora:x:1:0.5>", (0.25, 0.5)),
        ("<lora:x:0.4:0.8>", (0.5, 1.0)),
        ("<lora:x:0.8:0>", (0.5, 1.0)),
        ("<lora:x:te=0.2:unet=0.1>", (0.1, 0.5)),
        ("<lora:x:0>", (0.0, 1.0)),
        ("<lora:x:-1>", (-1.0, 1.0)),
    ],
)
def test_neither_part_of_a_lora_leaves_its_bounds(tag: str, expected: tuple[float, float]):
    """Where the text encoder has the larger weight, the range is drawn in so that this part stays within the usual."""
    assert expected == pytest.approx(weights_to_try(own_loras(f"a house {tag}")["x"]))


def test_the_users_wish_is_taken_as_it_is():
    """A range of the user's is not drawn in, but his own weight stays inside."""
    assert (0.3, 0.9) == weights_to_try(own_loras("<lora:x:1:0.5>")["x"], (0.3, 0.9))
    assert (0.3, 1.2) == weights_to_try(own_loras("<lora:x:1.2>")["x"], (0.3, 0.9))
