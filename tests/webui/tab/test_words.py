"""Words in the page's language."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import counterprompt.webui.tab as package_of_tab
from counterprompt import webui
from counterprompt.advice.rules import RULES
from counterprompt.negative.dynamic import DynamicChoice, DynamicPrompt, compose_dynamic
from counterprompt.negative.dynamic_names import PLACES, RULES_ALONE
from counterprompt.negative.dynamic_words import describe
from counterprompt.negative.muteness import Guidance, find_muteness
from counterprompt.negative.recipe_choice import conditions_of, rank_recipes
from counterprompt.negative.recipes import Recipe
from counterprompt.negative.subject import Medium, Subject
from counterprompt.tags.classes import DiffClass
from counterprompt.tags.table import CLASS_MEANINGS
from counterprompt.webui.options import OPTIONS
from counterprompt.webui.study_values import StudyState
from counterprompt.webui.tab.limits import LAYERS
from counterprompt.webui.tab.words import ENGLISH, LOCALIZATIONS, Words, load_words
from counterprompt.webui.tune_panel import ABOUT


def test_a_table_translates_and_fills_in(tmp_path: Path) -> None:
    """What the table holds is taken from there, everything else stays English; values are filled into both."""
    (tmp_path / "zh_CN.json").write_text('{"{share} sure": "{share}把握"}', "utf-8")
    words = load_words("zh_CN", tmp_path)

    assert "97%把握" == words("{share} sure", share="97%")
    assert "Read 3" == words("Read {n}", n=3)


@pytest.mark.parametrize("language", ["None", "", "../../etc/passwd", "de"])
def test_an_unknown_language_is_english(tmp_path: Path, language: str) -> None:
    """A name that is no localization of ours reads no file."""
    assert "Read" == load_words(language, tmp_path)("Read")
    assert "Read" == ENGLISH("Read")


def test_a_filled_in_sentence_is_recognised_by_its_form() -> None:
    """A reason whose names were put in elsewhere is translated with the same names; other text stays as it is."""
    words = Words({"The LoRA {names} is not here.": "没有 LoRA {names}。", "{a} of {b}": "x"})

    assert "没有 LoRA framed, striped。" == words("The LoRA framed, striped is not here.")
    assert "one of two" == words("one of two")


def test_words_of_ours_inside_a_sentence_are_translated_where_they_stand_and_names_are_not(tmp_path: Path) -> None:
    """A subject is one of a few words of ours; a recipe that is called like one keeps its name."""
    table = {
        "“{name}” is for {subject}, not {subject_here}.": "“{name}”：{subject}≠{subject_here}",
        "subject: other": "其他",
    }
    (tmp_path / "zh_CN.json").write_text(json.dumps(table), "utf-8")
    words = load_words("zh_CN", tmp_path)

    assert "“other”：其他≠cats" == words("“other” is for other, not cats.")
    assert "“other”：cats≠其他" == words("“{name}” is for {subject}, not {subject_here}.", **_OTHERS)


_OTHERS = {"name": "other", "subject": "cats", "subject_here": "other"}


def test_chinese_has_the_words_of_ours_inside_sentences() -> None:
    """Subjects and media of the rules, and the names of the layers, are in the table for the place where they stand."""
    table = json.loads((LOCALIZATIONS / "zh_CN.json").read_text("utf-8"))
    named = [*(f"subject: {each.value}" for each in Subject), *(f"medium: {each.value}" for each in Medium)]
    named += [f"layer: {name}" for name in LAYERS]

    assert [] == [each for each in named if each not in table]


def test_chinese_covers_every_rule_class_and_state() -> None:
    """Each sentence of the advice, each class of the diff and each state of a study has its Chinese."""
    chinese = load_words("zh_CN")
    sentences = [rule.sentence for rule in RULES]
    told = [sentence.replace("{names}", "x") for sentence in sentences]
    others = [*(kind.value for kind in DiffClass), *CLASS_MEANINGS.values(), *get_args(StudyState)]

    assert [] == [text for text in (*told, *others) if chinese(text) == text]


def test_chinese_covers_what_the_tab_says() -> None:
    """Every sentence that stands in the tab's source is in the table."""
    table = json.loads((LOCALIZATIONS / "zh_CN.json").read_text("utf-8"))

    assert [] == sorted(set(_said_in_source()) - set(table))


def test_chinese_covers_settings_accordion_and_script() -> None:
    """So it does with what stands on other parts of the host's page, and with what the accordion tells beforehand."""
    chinese = load_words("zh_CN")
    panels = [Path(str(webui.__file__)).with_name(f"{name}_panel.py") for name in ("dynamic", "tune")]
    labels = [*_said_in_source(*panels), *PLACES, ABOUT, *(each.label for each in OPTIONS)]
    here = [DynamicPrompt("a photo of a woman <lora:x:1>", "blurry", scale) for scale in (1.0, 4.0, 13.0)]
    guidances = [Guidance(1.0), Guidance(1.0, checkpoint="x-turbo"), Guidance(1.0, is_distilled=True)]
    guidances += [Guidance(7.0, skipped_share=0.3), Guidance(7.0, skip_sigma=1.5), Guidance(7.0, hires_cfg=1.0)]
    told = [line for each in here for line in describe(compose_dynamic(DynamicChoice(RULES_ALONE), each, ()))]
    told += [finding.text for each in guidances for finding in find_muteness(each)]

    assert [] == [text for text in (*labels, *told) if chinese(text) == text]


def test_chinese_tells_why_a_recipe_was_chosen() -> None:
    """Each reason is translated by itself, names stay, and the line that holds them is translated around them."""
    chinese = load_words("zh_CN")
    recipe = Recipe("Mine", (), checkpoint="one", subject="portrait", medium="photo")
    others = [Recipe("x", (), family="Pony", prompt="score_9, a red thing", lora_weights=(("glow", 0.7),))]
    prompts = ["score_9, a red thing <lora:glow:1>", "score_9, a red thing", "score_9, thing"]
    reasons = {each for text in prompts for each in rank_recipes(others, conditions_of(text))[0].merits}
    here = DynamicPrompt("photo of a man", "", 7.0, "one")
    line = describe(compose_dynamic(DynamicChoice(), here, [recipe]), chinese)[1]

    assert {"model family", "LoRAs", "prompt", "words"} == {kind for kind in _KINDS for text in reasons if kind in text}
    assert [] == [text for text in reasons if chinese(text) == text]
    assert "最合适的理由：模型相同（one）; 主体相同（人像）; 媒介相同（照片）。" == chinese(line)


_KINDS = ("model family", "LoRAs", "prompt", "words")


def _said_in_source(*files: Path) -> Iterator[str]:
    for path in files or Path(str(package_of_tab.__file__)).parent.glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = ast.unparse(call.func)
            place = {"words": 0, "self._words": 0, "self._done": 0, "say": 1, "gradio.Button": 0}.get(name)
            keywords = [each.value for each in call.keywords if each.arg in ("label", "placeholder")]
            spoken = [*keywords, *(call.args[place : place + 1] if place is not None else [])]
            yield from (str(each.value) for each in spoken if isinstance(each, ast.Constant))
