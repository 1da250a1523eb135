"""What holds for every prompt, tried on random ones."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from counterprompt.prompts.emphasis import escape_brackets, parse_emphasis
from counterprompt.prompts.extra_networks import find_extra_networks, strip_extra_networks
from counterprompt.prompts.plain import plain_text
from counterprompt.prompts.schedules import resolve_schedules
from counterprompt.prompts.terms import split_segments, split_terms

PIECES = st.sampled_from(
    ["(", ")", "[", "]", ":", "|", "\\", ",", "a", "b c", "1.3", "0.5", "BREAK", "AND", "<lora:x:1>", "<", ">", "é\n"]
)
PROMPTS = st.lists(PIECES, max_size=25).map("".join)

quickly = settings(max_examples=80, deadline=None, database=None)


@quickly
@given(PROMPTS)
def test_every_prompt_is_read(prompt: str) -> None:
    """No prompt makes a reader fail."""
    plain_text(prompt)
    assert all(term.text.strip() for term in split_terms(prompt))
    assert parse_emphasis(prompt)


@quickly
@given(PROMPTS, st.integers(1, 12))
def test_stages_cover_the_run(prompt: str, steps: int) -> None:
    """Stages rise to the last step, and neighbours differ."""
    stages = resolve_schedules(prompt, steps)

    ends = [end for end, _ in stages]
    assert sorted(set(ends)) == ends
    assert steps == ends[-1]
    assert all(one[1] != other[1] for one, other in pairwise(stages))


@quickly
@given(PROMPTS)
def test_nothing_is_lost_in_cutting(prompt: str) -> None:
    """Segments join to the prompt; tags and the rest have all its characters."""
    assert prompt == ",".join(split_segments(prompt))
    tags = sum(len(network.text) for network in find_extra_networks(prompt))
    assert len(prompt) == tags + len(strip_extra_networks(prompt))


@quickly
@given(st.text(max_size=40).filter(lambda text: "BREAK" not in text))
def test_escaping_makes_text_literal(text: str) -> None:
    """Escaped text parses to itself at normal emphasis."""
    assert ((text, 1.0),) == parse_emphasis(escape_brackets(text))
