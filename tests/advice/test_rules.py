"""Each rule holds in its own case, not in its neighbour, and pulls the choice its way."""

import pytest

from counterprompt.advice.choice import Goal, Wishes
from counterprompt.advice.inventory import InstalledFile, ResourceKind
from counterprompt.advice.mentions import ResourceMention
from counterprompt.advice.nearest import NearestLora
from counterprompt.advice.resources import ResourceFinding, Resources, ResourceState
from counterprompt.advice.rules import RULES, Side
from counterprompt.prompts.families import ModelFamily

MATCHING = Resources(ResourceState.PRESENT, {"x": ResourceState.PRESENT})


def _with_lora(state: ResourceState, family: ModelFamily = ModelFamily.SD15, nearest: NearestLora | None = None):
    """Resources in which the LoRA x of *family* has *state*, for a checkpoint of SD 1.5."""
    file = InstalledFile(ResourceKind.LORA, "y", family=family)
    finding = ResourceFinding(ResourceMention(ResourceKind.LORA, "x"), state, file, nearest)
    return Resources(loras={"x": state}, family=ModelFamily.SD15, findings=(finding,))


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
    "R-LORA-FAMILY": (
        {"resources": _with_lora(ResourceState.PRESENT, ModelFamily.PONY)},
        {"resources": _with_lora(ResourceState.PRESENT, ModelFamily.UNKNOWN)},
    ),
    "R-EMBEDDING": (
        {"resources": Resources(embeddings={"e": ResourceState.OTHER_FILE})},
        {"resources": Resources(embeddings={"e": ResourceState.UNKNOWN})},
    ),
    "R-BASE": (
        {"fields": (("Model", "ponyMix"),), "resources": Resources(family=ModelFamily.SD15)},
        {"fields": (("Model", "ponyMix"),), "resources": Resources(family=ModelFamily.PONY)},
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
    "R-CONTRADICTED": (
        {"prompt": "a blue house, tree", "seen": ("red", "house", "tree")},
        {"prompt": "a blue house, tree", "seen": ("blue", "house", "tree")},
    ),
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
    "N-CHECKPOINT": (
        {"resources": Resources(ResourceState.MISSING), "fields": (("Model", "one"),)},
        {"resources": Resources(ResourceState.UNKNOWN), "fields": (("Model", "one"),)},
    ),
    "N-MUTE": ({"fields": (("CFG scale", "1.0"),)}, {"fields": (("CFG scale", "7"),)}),
    "N-RENAMED": (
        {"resources": _with_lora(ResourceState.RENAMED)},
        {"resources": _with_lora(ResourceState.PRESENT)},
    ),
    "N-TRANSLATED": (
        {"prompt": "score_9, red house, tree", "resources": Resources(family=ModelFamily.SDXL)},
        {"prompt": "score_9, red house, tree", "resources": Resources(family=ModelFamily.PONY)},
    ),
    "N-NEAREST": (
        {"resources": _with_lora(ResourceState.MISSING, nearest=NearestLora("z", 0.5, ("names alike 90%",)))},
        {"resources": _with_lora(ResourceState.MISSING)},
    ),
    "N-MENDED": (
        {"prompt": "red, hat", "seen": ("red",)},
        {"prompt": "red, hat, circle", "seen": ("red",)},
    ),
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
def test_rule_moves_the_weight_to_its_side(rule, advise_on) -> None:
    """With the trigger its side weighs more than without, by at least half and at most twice the rule's weight."""
    met, unmet = (
        {reason.rule_id: reason.weight for reason in advise_on(**case).reasons} for case in CASES[rule.rule_id]
    )

    assert (met[rule.rule_id] > 0) is (rule.side is Side.EMBEDDED)
    assert rule.weight / 2 <= abs(met[rule.rule_id]) <= rule.weight * 2
    assert _share(met) > _share(unmet) if rule.side is Side.EMBEDDED else _share(met) < _share(unmet)


def _share(weights: dict[str, float]) -> float:
    """Share of the embedded side, counted with one reason more on either side so that nothing is certain."""
    embedded = 1 + sum(weight for weight in weights.values() if weight > 0)
    return embedded / (embedded + 1 - sum(weight for weight in weights.values() if weight < 0))


@pytest.mark.parametrize(
    ("rule_id", "weaker", "stronger"),
    [
        (
            "R-LORA-MISSING",
            {"prompt": "red house, tree <lora:x:0.1>", "resources": Resources(loras={"x": ResourceState.MISSING})},
            {"prompt": "red house, tree <lora:x:1>", "resources": Resources(loras={"x": ResourceState.MISSING})},
        ),
        (
            "R-FAMILY",
            {"prompt": "score_9, red house, tree, hat", "resources": Resources(family=ModelFamily.SDXL)},
            {"prompt": "score_9, score_8_up, house", "resources": Resources(family=ModelFamily.SDXL)},
        ),
        ("R-LONG", {"prompt": LONG}, {"prompt": LONG + ", " + ", ".join(f"{term} detail" for term in TALK)}),
        (
            "R-WRONG",
            {"prompt": "hat, circle, tree", "seen": ("tree",)},
            {"prompt": "hat, circle", "seen": ("tree",)},
        ),
        (
            "E-GOAL",
            {"resources": Resources(ResourceState.MISSING)},
            {"resources": Resources(ResourceState.UNKNOWN)},
        ),
    ],
)
def test_evidence_decides_how_strongly(rule_id: str, weaker, stronger, advise_on) -> None:
    """The more of it there is, the more a rule weighs."""
    weights = [
        abs(reason.weight)
        for case in (weaker, stronger)
        for reason in advise_on(**case).reasons
        if reason.rule_id == rule_id
    ]

    assert 2 == len(weights)
    assert weights[0] < weights[1]


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
        ({"prompt": "a blue house, tree", "seen": ("red", "house", "tree")}, "merge"),
        ({"resources": _with_lora(ResourceState.PRESENT, ModelFamily.PONY)}, "merge"),
        ({"fields": (("Model", "ponyMix"),), "resources": Resources(family=ModelFamily.SD15)}, "merge"),
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


@pytest.mark.parametrize(
    ("prompt", "is_special"),
    [("red house\nAND\nblue tree", True), ("red house BREAK tree", True), ("BREAKFAST in a house in the LAND", False)],
)
def test_and_and_break_are_words_of_their_own(prompt: str, is_special: bool, advise_on) -> None:
    """The WebUI composes at AND and BREAK on any line, and not inside of other words."""
    assert is_special is any(reason.rule_id == "E-SYNTAX" for reason in advise_on(prompt).reasons)
