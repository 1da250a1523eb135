"""NAME=NUMBER on the command line."""

import pytest

from counterprompt.cli.named_numbers import parse_named
from counterprompt.errors import InvalidInputError


def test_numbers_are_read_by_name():
    """The last of a name counts; nothing given is nothing said."""
    assert {"noise": 2.0, "fidelity": 0.5} == parse_named(
        "--guard", ["noise=1", "fidelity=.5", "noise=2"], ("noise", "fidelity"), (0, 10)
    )
    assert {} == parse_named("--guard", None, ("noise",), (0.5, 10))


@pytest.mark.parametrize("text", ["noise", "noise=", "noise=much", "noise=11", "noise=0.4", "noise=nan", "hue=1", "=1"])
def test_what_says_nothing_is_refused(text: str):
    """The message repeats it and names what could stand there."""
    with pytest.raises(InvalidInputError, match=r"--guard .* from 0\.5 to 10, NAME one of noise"):
        parse_named("--guard", [text], ("noise",), (0.5, 10))
