"""Tests for the dynamic negative prompt in words."""

from __future__ import annotations

from counterprompt.negative.dynamic import DynamicChoice, DynamicPrompt, compose_dynamic
from counterprompt.negative.dynamic_words import describe


def test_it_says_what_why_and_what_not() -> None:
    """The lines tell the terms, what they go by, and each term that was left out with its rule."""
    here = DynamicPrompt("photo of a man, blurry", "noisy", 7.0)
    lines = describe(compose_dynamic(DynamicChoice("rules"), here, []))

    assert lines[0].startswith("Adds: low quality, worst quality")
    assert "By the rules for subject “portrait” and medium “photo”." == lines[1]
    assert "Left out: noisy. It stands there already." in lines
    assert any(line.startswith("Left out: blurry. The prompt asks for it") for line in lines)


def test_nothing_to_add_is_said() -> None:
    """Where no place is left, it says so."""
    here = DynamicPrompt("a man", "noisy", 7.0)

    assert "Adds nothing." == describe(compose_dynamic(DynamicChoice(most_terms=1), here, []))[0]
