"""Sentences that were written elsewhere, as the tab says them, in English and in Chinese."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import counterprompt
from counterprompt.miniature.reach import TAGGER_REMARK
from counterprompt.report.faults import HINTS, OTHERWISE
from counterprompt.report.guards import MEANINGS
from counterprompt.webui.tab.tab_words import PHRASES, rephrase
from counterprompt.webui.tab.words import ENGLISH, load_words

PACKAGE = Path(str(counterprompt.__file__)).parent
REACHED = (
    "webui/", "search", "workflow", "bootstrap", "imagefile", "prompts", "infotext", "settings.py", "whole_files.py",
    "tagging", "scoring",
)  # fmt: skip
"""Whose faults a user of the tab can meet."""
NOT_REACHED = (
    "webui/rest", "webui/routes", "webui/axes", "webui/tune_", "webui/dynamic", "imagefile/write", "search/crew",
    "search/work", "search/orders", "search/storage", "search/roaming", "search/queue", "bootstrap/dashboards",
    "tagging/caption", "tagging/hub", "tagging/tagger_download", "tagging/deepdanbooru", "tagging/folder",
    "tagging/voting", "tagging/thresholds", "tagging/picture_stages", "tagging/preprocessing", "scoring/auditors",
    "scoring/damage", "scoring/clip_registry", "bootstrap/job_runs", "bootstrap/picture_copies", "bootstrap/webuis",
    "bootstrap/crews", "workflow/job",
)  # fmt: skip
"""REST, other parts of the page, workers, job files, and what writes pictures or downloads taggers."""
CONSOLE = re.compile(r"(?<![-\w])--[a-z]|`|COUNTERPROMPT_|the command again")
"""What only somebody at a command line can do."""


def _said(node: ast.expr) -> str:
    """Return a sentence of the source, 7 wherever something is filled in; "" where it is made elsewhere."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if not isinstance(node, ast.JoinedStr):
        return ""
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)


def _faults() -> Iterator[tuple[str, str]]:
    """Find every sentence that a `CounterpromptError` is raised with: where it stands, and the sentence."""
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        if not place.startswith(REACHED) or place.startswith(NOT_REACHED):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                kind = ast.unparse(node.exc.func)
                if kind.endswith("Error") and not hasattr(builtins, kind) and _said(node.exc.args[0]):
                    yield place, _said(node.exc.args[0])


INNER = ("Got 7", "7 is the only", "The scorer's batch size", "The scorer's self-test got", "7 holds 7.")
"""How those begin that only a fault of the program's own could raise, or that say nothing but names."""
FAULTS = tuple((place, said) for place, said in _faults() if not said.startswith(INNER))


def test_faults_are_found_all_over() -> None:
    """Else the tests below would prove nothing."""
    assert 100 < len(FAULTS)


def test_no_fault_sends_a_user_of_the_tab_to_the_command_line() -> None:
    """Options and commands are said in the tab's words."""
    assert [] == [(place, said) for place, said in FAULTS if CONSOLE.search(ENGLISH(said))]


def test_chinese_knows_every_fault() -> None:
    """Each sentence that a user of the tab can meet has its Chinese, whatever is filled in."""
    chinese = load_words("zh_CN")

    assert [] == [(place, said) for place, said in FAULTS if chinese(said) == rephrase(said)]


@pytest.mark.parametrize(
    "said",
    [
        *(hint.text for hint in (*HINTS, OTHERWISE)),
        *(broken for _, broken in MEANINGS.values()),
        "CFG 7.5; framed 0.8; negative: blurry, noisy",
        "the base words as a whole",
        "LoRA framed at 0.7 instead of 0.9",
        "CFG scale 6 instead of 7",
        "your own negative prompt",
        "No candidate was better than your settings even on the search seeds; your settings stay.",
        "A probe is left out of this study: it could not tell good from bad.",
    ],
)
def test_chinese_knows_what_studies_tell(said: str) -> None:
    """Effects, reasons, news and hints of a study."""
    assert said != load_words("zh_CN")(said)


@pytest.mark.parametrize(
    "said",
    [
        TAGGER_REMARK,
        "The picture is cut off.",
        'The picture has a text in the PNG text "parameters" that is left out: 9000000 bytes are too long.',
        "The emphasis is in the WebUI's words; NovelAI wrote the negative prompt: {{ugly}}",
        "The workflow samples 4 times; the first pass and the one after it are told.",
        "The prompt comes from a node 'Wildcards' whose text is not in the file.",
        "NovelAI made the picture, but its settings cannot be read: they are broken, cut off or of an unknown version.",
        'the PNG text "parameters"',
        "the alpha channel (stealth infotext)",
    ],
)
def test_chinese_knows_what_a_reading_remarks(said: str) -> None:
    """Where a text stands, what was damaged or left out, and what a tagger knows nothing of."""
    assert rephrase(said) != load_words("zh_CN")(said)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("5000 sampling steps cannot be generated; give --steps from 1 to 1000.", "set 1 to 1000 steps in txt2img"),
        ("The search in /x y has not begun; go on with `counterprompt resume /x y` first.", "; resume it first."),
        ("Mean little; name a real scorer with --scorer FOLDER or COUNTERPROMPT_SCORER.", "in Settings, section"),
        ("weights.signals is -1; give a number from 0 to 10.", "The weight of signals is -1; give"),
        ("Nothing of the kind.", "Nothing of the kind."),
    ],
)
def test_phrases_are_replaced_where_they_stand(said: str, told: str) -> None:
    """The rest of the sentence stays."""
    assert told in rephrase(said)


def test_each_phrase_is_a_pattern_that_says_something_else() -> None:
    """No row repeats what it should replace."""
    assert [] == [phrase for phrase, instead in PHRASES if CONSOLE.search(instead)]
