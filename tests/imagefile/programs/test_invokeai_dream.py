"""InvokeAI's first generation (1.x, docs/features/CLI.md)."""

import pytest

from counterprompt.imagefile.programs.invokeai_dream import read_dream, split_negative


@pytest.mark.parametrize(
    ("command", "infotext"),
    [
        (
            '"a cat [blurry]" -s 50 -S 42 -W 512 -H 704 -C 7.5 -A k_lms',
            "a cat\nNegative prompt: blurry\n"
            "Steps: 50, Sampler: LMS, CFG scale: 7.5, Seed: 42, Size: 512x704, App: InvokeAI",
        ),
        (
            '"a "big" cat" -s50 -S42 -W512 -H704 -C7.5 -Ak_euler_a -I "x/init.png" -f0.7 -G 0.8 --hires_fix',
            'a "big" cat\nSteps: 50, Sampler: Euler a, CFG scale: 7.5, Seed: 42, Size: 512x704, '
            "Denoising strength: 0.7, App: InvokeAI",
        ),
        ('"a cat" -S 42 -s 2', "a cat\nSteps: 2, Seed: 42, App: InvokeAI"),
    ],
)
def test_the_command_line_is_read(command: str, infotext: str) -> None:
    """Switches with and without a space, quotes in the prompt, and switches that the WebUI lacks."""
    reading = read_dream(command)

    assert reading is not None
    assert infotext == reading.infotext


@pytest.mark.parametrize("command", ["", '"', "a cat -s 50", '"a cat -s 50'])
def test_what_is_no_command_line_is_none(command: str) -> None:
    """The prompt stands in quotes at the start."""
    assert read_dream(command) is None


@pytest.mark.parametrize(
    ("prompt", "parts"),
    [
        ("a cat", ("a cat", "")),
        ("a [b] cat [c, d]", ("a  cat", "b, c, d")),
        ("a [] cat", ("a [] cat", "")),
        ("a ]b[ cat", ("a ]b[ cat", "")),
    ],
)
def test_brackets_are_the_negative_prompt(prompt: str, parts: tuple[str, str]) -> None:
    """Only filled and closed brackets count."""
    assert parts == split_negative(prompt)
