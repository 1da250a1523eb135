"""Each rule holds in its own case, not in its neighbour, and pulls the choice its way."""

import pytest

from counterprompt.advice.advise import Goal, Wishes
from counterprompt.advice.resources import Resources, ResourceState
from counterprompt.advice.rules import RULES, Side
from counterprompt.prompts.families import ModelFamily

MATCHING = Resources(ResourceState.PRESENT, {"x": ResourceState.PRESENT})
TALK = [
    f"{tone} {thing}"
    for tone in ("epic", "sharp", "soft", "warm", "cold", "vivid")
    for thing in ("light", "art", "mood", "color", "view", "shot", "focus")
]
LONG = ", ".join(TALK[:41])

CASES = {
    "R-EMPTY": ({"prompt": ""}, {"prompt": "a"}),
    "R-LORA-MISSING": (
        {"resources": Resources(loras={"x": ResourceState.MISSING})},
        {"resources": Resources(loras={"x": ResourceState.UNKNOWN})},
    ),
    "R-LORA-OTHER": (
        {"resources": Resources(loras={"x": ResourceState.OTHER_FILE})},
        {"resources": Resources(loras={"x": ResourceState.PRESENT})},
    ),
    "R-FAMILY": (
        {"prompt": "score_9, red house, tree", "resources": Resources(family=ModelFamily.SDXL)},
        {"prompt": "score_9, red house, tree", "resources": Resources(family=ModelFamily.PONY)},
    ),
    "R-LONG": ({"prompt": LONG}, {"prompt": LONG.partition(", ")[2]}),
    "R-SHORT": (
        {"prompt": "house", "seen": ("house", "tree", "hat")},
        {"prompt": "house", "seen": ("house", "tree", "blurry")},  # a defect is nothing to ask for
    ),
    "R-WRONG": ({"prompt": "hat, circle, tree", "seen": ("tree",)}, {"prompt": "hat, tree", "seen": ("tree",)}),
    "R-BLOCKED": ({"wishes": Wishes(blocked_words=("House",))}, {"wishes": Wishes(blocked_words=("hou",))}),
    "R-STYLE": (
        {"prompt": "manga, red house, tree", "wishes": Wishes(unwanted_styles=("anime",))},
        {"prompt": "manga, red house, tree", "wishes": Wishes(unwanted_styles=("3d render",))},
    ),
    "R-GOAL": ({"goal": Goal.ADAPT}, {"goal": Goal.REPRODUCE}),
    "E-BLIND": ({"seen": ()}, {"seen": ("tree",)}),
    "E-RESOURCES": (
        {"resources": MATCHING},
        {"resources": Resources(ResourceState.PRESENT, {"x": ResourceState.UNKNOWN})},
    ),
    "E-RICH": (
        {"prompt": "red, house, tree, hat", "seen": ("red", "house", "tree", "hat")},
        {"prompt": "red, house, tree, hat", "seen": ("red", "house")},
    ),
    "E-SYNTAX": ({"prompt": "a [red:blue:0.5] house"}, {"prompt": "a (red:1.3) house"}),
    "E-NAMES": (
        {"prompt": "red house by greg rutkowski"},
        {"prompt": "red house, masterpiece, best quality, cinematic lighting"},
    ),
    "E-GOAL": ({"goal": Goal.REPRODUCE}, {"goal": Goal.RESTYLE}),
    "L-COMPARE": ({"goal": Goal.LEARN}, {"goal": Goal.ADAPT}),
}


def test_every_rule_is_tested() -> None:
    """The table of cases covers the table of rules, and ids are unique."""
    assert [rule.rule_id for rule in RULES] == list(CASES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule_id)
def test_rule_holds_in_its_case_only(rule, advise_on) -> None:
    """The rule is quoted where its condition is met and silent next to it."""
    met, unmet = CASES[rule.rule_id]

    assert rule.rule_id in [reason.rule_id for reason in advise_on(**met).reasons]
    assert rule.rule_id not in [reason.rule_id for reason in advise_on(**unmet).reasons]


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.side is not Side.NEITHER], ids=lambda rule: rule.rule_id
)
def test_rule_flips_the_choice(rule, advise_on) -> None:
    """With all other reasons as they are, the rule moves the weight towards its side."""
    reasons = advise_on(**CASES[rule.rule_id][0]).reasons
    weights = {reason.rule_id: reason.weight for reason in reasons}

    assert (weights[rule.rule_id] > 0) is (rule.side is Side.EMBEDDED)
    assert rule.weight == abs(weights[rule.rule_id])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule_id)
def test_reasons_are_sentences_without_holes(rule, advise_on) -> None:
    """What is told ends in a full stop and names the culprits."""
    (text,) = [reason.text for reason in advise_on(**CASES[rule.rule_id][0]).reasons if reason.rule_id == rule.rule_id]

    assert text.endswith(".")
    assert "{" not in text


@pytest.mark.parametrize(
    ("case", "choice"),
    [
        ({}, "embedded"),
        ({"prompt": "", "seen": ("house",)}, "reverse"),
        ({"resources": Resources(loras={"x": ResourceState.MISSING})}, "merge"),
        ({"resources": Resources(loras={"x": ResourceState.OTHER_FILE})}, "merge"),
        ({"prompt": "score_9, red house, tree", "resources": Resources(family=ModelFamily.SDXL)}, "merge"),
        ({"prompt": LONG, "seen": ("house",)}, "merge"),
        ({"prompt": "house", "seen": ("house", "tree", "hat")}, "merge"),
        ({"prompt": "hat, circle, tree", "seen": ("tree",)}, "merge"),
        ({"wishes": Wishes(blocked_words=("house",))}, "merge"),
        ({"prompt": "manga, red house, tree", "wishes": Wishes(unwanted_styles=("anime",))}, "merge"),
        ({"goal": Goal.ADAPT}, "reverse"),
        ({"goal": Goal.ADAPT, "seen": ()}, "embedded"),
        ({"goal": Goal.ADAPT, "resources": MATCHING}, "merge"),
        ({"goal": Goal.ADAPT, "prompt": "red, house, tree, hat", "seen": ("red", "house", "tree", "hat")}, "merge"),
        ({"goal": Goal.ADAPT, "prompt": "a [red:house:0.5] tree"}, "merge"),
        ({"goal": Goal.ADAPT, "prompt": "red house by greg rutkowski"}, "merge"),
        ({"goal": Goal.LEARN}, "reverse"),
    ],
)
def test_choices(case, choice: str, advise_on) -> None:
    """Each rule alone flips the choice of an otherwise plain case."""
    assert choice == advise_on(**case).choice.value
