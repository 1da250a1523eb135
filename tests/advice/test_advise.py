"""How reasons become a choice."""

import pytest

from counterprompt.advice.choice import Goal, Wishes
from counterprompt.advice.inventory import Inventory, ResourceKind
from counterprompt.advice.resources import Resources, ResourceState, look_up
from counterprompt.infotext.params import GenerationParams


def test_no_prompt_and_nothing_seen(advise_on) -> None:
    """Where there is nothing to say, the prompt is empty and nothing fails."""
    advice = advise_on("", seen=())

    assert ("reverse", "") == (advice.choice.value, advice.prompt)


@pytest.mark.parametrize(("goal", "expected"), [(Goal.LEARN, True), (Goal.ADAPT, False)])
def test_learning_compares(goal: Goal, expected: bool, advise_on) -> None:
    """To learn, both prompts are to be generated."""
    assert expected is advise_on(goal=goal).should_compare


def test_a_near_balance_is_compared(advise_on) -> None:
    """A merge may be settled by experiment."""
    advice = advise_on("hat, circle, tree", seen=("tree",))

    assert "merge" == advice.choice.value
    assert advice.should_compare


def test_many_culprits_are_summed_up(advise_on) -> None:
    """No reason lists more than five names."""
    prompt = ", ".join(f"name{number}x wlop" for number in range(8))
    (text,) = [reason.text for reason in advise_on(prompt).reasons if reason.rule_id == "E-NAMES"]

    assert "and 3 more" in text


WEIRD = [
    "\x00\x01",
    "(" * 500,
    "[" * 200 + ":0.5]",
    "<lora:" + "x" * 1000 + ":1>",
    "<lora::1>, <lora:a:nan>, <lora:a:1e999>",
    "BREAK BREAK AND AND",
    "\u202e\ufeff\ud800",
    ",,,,;;;\n\n",
    "\\(\\)\\[",
    "a:1.5), (b:-2)",
    "{names}",
    "😀" * 300,
]


@pytest.mark.parametrize("text", WEIRD)
@pytest.mark.parametrize("goal", Goal)
def test_weird_input_never_crashes(text: str, goal: Goal, advise_on) -> None:
    """Whatever stands in the prompts, in the fields and in the user's wishes, there is an advice."""
    wishes = Wishes((text, "", " ", "("), (text, "", "anime"))
    fields = (("Model", text), ("Model hash", text), ("Lora hashes", text), ("Hashes", text), ("VAE", text))
    params = GenerationParams(text, text, fields)
    advice = advise_on(
        f"house, {text}", text, goal=goal, wishes=wishes, fields=fields, resources=look_up(params, EMPTY)
    )

    assert advice.choice.value in {"embedded", "reverse", "merge"}
    assert all(reason.text.endswith(".") for reason in advice.reasons)


EMPTY = Inventory((), frozenset(ResourceKind))


def test_reasons_name_their_evidence(advise_on) -> None:
    """Words and files that made a rule hold are listed apart; a rule about the whole names none."""
    advice = advise_on("red house, wlop, tree")
    evidence = {reason.rule_id: reason.evidence for reason in advice.reasons}

    assert {"E-NAMES": ("wlop",), "E-GOAL": (), "N-MENDED": ()} == evidence


def test_a_mostly_right_prompt_is_mended_not_replaced(advise_on) -> None:
    """The same weights against it replace a prompt that is mostly wrong, or that is to be changed anyway."""
    gone = Resources(ResourceState.MISSING, {"x": ResourceState.MISSING, "y": ResourceState.OTHER_FILE})

    assert "merge" == advise_on("house, tree", seen=("house", "tree"), resources=gone).choice.value
    assert "reverse" == advise_on("hat, circle", seen=("house", "tree"), resources=gone).choice.value
    assert "reverse" == advise_on("house, tree", seen=("house", "tree"), resources=gone, goal=Goal.ADAPT).choice.value
