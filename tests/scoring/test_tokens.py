"""Texts cut into runs of tokens."""

import pytest

from counterprompt.scoring.tokens import token_chunks, token_row


@pytest.mark.parametrize(
    ("text", "limit", "lengths"),
    [
        ("", 4, [0]),
        ("cat", 4, [1]),
        ("cat, dog", 4, [3]),
        ("cat, dog, cow", 4, [4, 2]),  # cut at the comma, not inside a term
        ("cat cat cat cat cat cat, dog", 4, [4, 3, 2]),  # a term that fits nowhere is cut
        (",,,, ,,,, ,,,, ,,,, ,,,,, dog", 2, [2]),  # empty terms are dropped
    ],
)
def test_long_text_is_cut_at_commas(text, limit, lengths):
    """Runs are at most as long as the limit and begin with a term where they can."""
    assert lengths == [len(chunk) for chunk in token_chunks(text, limit)]


def test_prompt_past_the_limit_fills_runs_of_75():
    """A prompt of OpenAI's CLIP goes on after 75 tokens, the 77 that fit less start and end."""
    prompt = ", ".join(["red circle"] * 40)  # three tokens each with its comma

    lengths = [len(chunk) for chunk in token_chunks(prompt, 75)]

    assert [75, 45] == lengths


def test_row_equals_open_clips_own():
    """Start, end and filling stand where open_clip puts them."""
    import open_clip

    (tokens,) = token_chunks("a red circle", 14)

    assert open_clip.tokenize(["a red circle"], context_length=16)[0].tolist() == token_row(tokens, 16)
