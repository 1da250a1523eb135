"""Tests for txt2img's settings as values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from counterprompt.ports import GenerationRequest
from counterprompt.webui.txt2img_settings import fingerprint, is_seed_random, seeds_to_show, style_names


def _settings(**changes: Any) -> SimpleNamespace:
    usual = {"prompt": "a", "seed": 5, "styles": ["studio"], "batch_size": 2, "n_iter": 3, "enable_hr": False}
    return SimpleNamespace(**{**usual, "script_args": (0, object(), 7), **changes})


def test_the_fingerprint_is_of_all_else() -> None:
    """Prompt, seed and number of pictures are no part of it; hires fix and other scripts' values are."""
    own = fingerprint(_settings())

    assert own == fingerprint(_settings(prompt="b", seed=6, batch_size=1, n_iter=1))
    assert own != fingerprint(_settings(enable_hr=True))
    assert own != fingerprint(_settings(script_args=(0, object(), 8)))


@dataclass
class _Unit:
    """What another extension keeps of its page: a picture and how much it counts."""

    image: Any
    share: float = 1.0


@pytest.mark.parametrize("held", [lambda each: each, lambda each: {"image": each}, lambda each: [_Unit(each)]])
@pytest.mark.parametrize("kind", [lambda image: image, np.asarray], ids=["PIL", "numpy"])
def test_another_control_picture_is_another_study(held: Callable[[Any], Any], kind: Callable[[Any], Any]) -> None:
    """Two poses on black look alike as a text, and are told apart; the same one drawn again is the same."""
    own, same, other = (Image.new("RGB", (64, 64)) for _ in range(3))
    other.putpixel((30, 30), (255, 255, 255))
    first, again, changed = (fingerprint(_settings(script_args=(0, held(kind(each))))) for each in (own, same, other))

    assert first == again
    assert first != changed


def test_a_seed_left_to_chance() -> None:
    """-1, nothing and an empty text leave the seed to chance."""
    assert [True, True, True, False] == [is_seed_random(_settings(seed=seed)) for seed in (-1, None, "", 0)]


def test_as_many_pictures_are_shown_as_the_user_would_get() -> None:
    """The user's own seeds are shown, four at most."""
    request = GenerationRequest("a", "", 2**32 - 1)

    assert (2**32 - 1, 0, 1, 2) == seeds_to_show(_settings(), request)
    assert (2**32 - 1,) == seeds_to_show(_settings(batch_size=1, n_iter=1), request)


def test_styles_are_named() -> None:
    """The styles that stay in every picture are named."""
    assert ("studio",) == style_names(_settings())
