"""The size cap on prompts."""

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.prompts.extra_networks import find_extra_networks, strip_extra_networks
from counterprompt.prompts.limits import MAX_PROMPT_CHARACTERS
from counterprompt.prompts.plain import plain_text
from counterprompt.prompts.schedules import resolve_schedules
from counterprompt.prompts.terms import split_terms


@pytest.mark.parametrize(
    "read",
    [find_extra_networks, strip_extra_networks, plain_text, split_terms, lambda prompt: resolve_schedules(prompt, 20)],
)
def test_every_door_has_the_cap(read) -> None:
    """Each reader of prompts refuses one that is too long, and says how long it is."""
    with pytest.raises(InvalidInputError, match="100001"):
        read("a" * (MAX_PROMPT_CHARACTERS + 1))
