"""Comments in prompts, as A1111 1.10.1 strips them (modules/processing_scripts/comments.py)."""

import ast
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterprompt.prompts.comments import end_comment, find_comments, restore_comments, strip_comments
from counterprompt.prompts.grammar import parse_prompt
from counterprompt.prompts.plain import plain_text
from counterprompt.prompts.terms import split_terms

WEBUI = Path(os.environ.get("COUNTERPROMPT_WEBUI", "webui")) / "modules" / "processing_scripts" / "comments.py"
TABLE = [
    ("a cat", "a cat"),
    ("\n", "#"),
    ("\na cat", "# note\na cat"),
    ("a cat\na dog", "a cat\n# note\na dog"),
    ("a cat\n", "a cat\n# note"),
    ("a cat, \na dog", "a cat, # note\na dog"),
    ("a cat, \n", "a cat, # note"),
    ("a\n\nb", "a\n#1\n#2\nb"),
    ("a \nb", "a #1\n#2\nb"),
    ("\n\n", "#1\n#2\n"),
    ("c\n", "c# minor"),
    ("(a \n:1.2)", "(a # red\n:1.2)"),
    ("a \n\r\nb", "a #x\r\n\r\nb"),
]
"""What the host leaves, and the prompt: measured with its own function, which the next test asks where it is there."""
PROMPTS = st.text("#\n\r ab,<(:1)", max_size=30)


def _load_strip_comments() -> Callable[[str], str]:
    """The host's own function, its file's imports of the host aside."""
    tree = ast.parse(WEBUI.read_text("utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "strip_comments"]
    namespace: dict[str, Callable[[str], str]] = {"re": re}  # type: ignore[dict-item]
    exec(compile(ast.Module(functions, []), str(WEBUI), "exec"), namespace)
    return namespace["strip_comments"]


@pytest.mark.parametrize(("left", "prompt"), TABLE)
def test_comments_are_left_out_as_in_the_webui(left: str, prompt: str) -> None:
    """Whole lines go with both line breaks, the rest of a line with one; a line break stays for each."""
    assert left == strip_comments(prompt)


@pytest.mark.skipif(not WEBUI.is_file(), reason="no WebUI: set COUNTERPROMPT_WEBUI to a checkout")
@given(PROMPTS)
def test_the_hosts_own_function_agrees(prompt: str) -> None:
    """AUTOMATIC1111's strip_comments says the same of any text, and of the table."""
    strip_in_host = _load_strip_comments()

    assert [left for left, _ in TABLE] == [strip_in_host(text) for _, text in TABLE]
    assert strip_in_host(prompt) == strip_comments(prompt)


@given(PROMPTS)
def test_nothing_is_lost(prompt: str) -> None:
    """Put back, the comments give the prompt byte for byte; so does the whole grammar, on both sides."""
    assert prompt == restore_comments(strip_comments(prompt), find_comments(prompt))
    assert prompt == parse_prompt(prompt).render()
    assert prompt == parse_prompt(prompt, is_negative=True).render()


def test_comments_are_no_terms_networks_or_plain_text() -> None:
    """What is behind the sign counts for nothing: no word, no LoRA, no bracket."""
    prompt = "a cat, # a dog, (red <lora:x:1>\n# hat\nblue eyes"

    assert ["a cat", "blue eyes"] == [term.text for term in split_terms(prompt)]
    assert "a cat, blue eyes" == plain_text(prompt)
    parsed = parse_prompt(prompt)
    assert (prompt, ()) == (parsed.render(), parsed.networks)
    assert ["# a dog, (red <lora:x:1>\n# hat\n"] == [comment.text for comment in parsed.comments]


def test_networks_and_comments_come_back_in_their_places() -> None:
    """A tag behind a comment is put back where it stood."""
    prompt = "a #x\nb <lora:y:0.5> c #z\n<lora:w:1>"

    assert prompt == parse_prompt(prompt).render()
    assert ["y", "w"] == [network.name for network in parse_prompt(prompt).networks]


@pytest.mark.parametrize(
    ("prompt", "left"), [("ugly", "ugly, b"), ("ugly # mine", "ugly \n, b"), ("# a\nugly", "\nugly, b")]
)
def test_what_is_put_behind_a_comment_is_read(prompt: str, left: str) -> None:
    """Only a comment on the last line needs a line break before more words."""
    assert left == strip_comments(f"{end_comment(prompt)}, b")
