"""The prompts that advice proposes."""

import pytest

from counterprompt.advice.choice import Choice, Goal, Wishes
from counterprompt.advice.resources import Resources, ResourceState
from counterprompt.prompts.families import ModelFamily
from counterprompt.prompts.terms import split_terms

GONE = Resources(loras={"x": ResourceState.MISSING})


def test_the_embedded_prompt_keeps_every_byte(advise_on) -> None:
    """Chosen as it is, it is returned as it is, the negative too."""
    advice = advise_on(" (red:1.2)  house ,, tree\n", "Blurry ,")

    assert (" (red:1.2)  house ,, tree\n", "Blurry ,") == (advice.prompt, advice.negative_prompt)


def test_reverse_tags_show_what_shows(advise_on) -> None:
    """Confirmed tags come first, defects go into the negative, and LoRAs that are here stay."""
    advice = advise_on("house, <lora:x:0.7>", seen=("hat", "house", "watermark"), goal=Goal.ADAPT)

    assert "house, hat, <lora:x:0.7>" == advice.prompt
    assert "watermark" in advice.negative_prompt


def test_another_style_needs_no_lora(advise_on) -> None:
    """To restyle, the LoRAs of the old style are left out."""
    assert "<lora" not in advise_on("house, <lora:x:0.7>", seen=("hat", "house"), goal=Goal.RESTYLE).prompt


@pytest.mark.parametrize(
    ("case", "prompt"),
    [
        ({"prompt": "a red house, <lora:x:1>, (a tree:1.2)", "resources": GONE}, "a red house, (a tree:1.2)"),
        (
            {"prompt": "score_9, red house, tree", "resources": Resources(family=ModelFamily.SDXL)},
            "best quality, red house, tree",
        ),
        ({"prompt": "hat, circle, tree", "seen": ("tree", "house")}, "tree, house"),
        ({"wishes": Wishes(blocked_words=("hat",)), "prompt": "red house, a hat, tree"}, "red house, tree"),
        (
            {
                "prompt": "manga, [red:blue:0.5] house, tree",
                "wishes": Wishes(unwanted_styles=("anime",)),
                "resources": GONE,
            },
            "[red:blue:0.5] house, tree",
        ),
    ],
)
def test_a_merge_corrects_the_embedded_prompt(case, prompt: str, advise_on) -> None:
    """What is missing, foreign, wrong, blocked or unwanted goes; what shows comes in; the rest keeps its syntax."""
    advice = advise_on(**{"seen": ("red", "house", "tree"), **case})

    assert "merge" == advice.choice.value
    assert prompt == advice.prompt


def test_a_merge_distils_what_is_too_long(advise_on) -> None:
    """Of a far too long prompt the part that shows survives."""
    talk = [
        f"{tone} {thing}" for tone in ("epic", "soft", "warm", "cold", "hdr") for thing in ("light", "art", "8k", "4k")
    ]
    prompt = ", ".join([*talk, *(f"{term} view" for term in talk), *(f"{term} shot" for term in talk), "house"])
    advice = advise_on(prompt, seen=("house",))

    terms = [term.text for term in split_terms(advice.prompt)]
    assert "merge" == advice.choice.value
    assert 30 == len(terms)
    assert "house" in terms


def test_a_merged_negative_adds_the_defects(advise_on) -> None:
    """The user's own text stays in front, what the picture got wrong follows once."""
    advice = advise_on(
        "house, <lora:x:1>", "(ugly:1.2), blurry,", seen=("house", "watermark", "blurry"), resources=GONE
    )

    assert "(ugly:1.2), blurry, watermark" == advice.negative_prompt


def test_a_comment_in_the_prompt_hides_nothing_that_is_added(advise_on) -> None:
    """What shows and was not asked for is put on a line of its own where the prompt ends in a comment."""
    merged = advise_on("house, tree # by the sea\n", seen=("house", "tree", "hat")).wordings[Choice.MERGE][0]

    assert "house, tree # by the sea\n, hat" == merged


def test_a_comment_in_the_negative_hides_no_defect(advise_on) -> None:
    """Defects are put on a line of their own where the last one ends in a comment."""
    advice = advise_on("house, <lora:x:1>", "ugly # mine", seen=("house", "watermark"), resources=GONE)

    assert "ugly # mine\n, watermark" == advice.negative_prompt


def test_no_advice_negates_what_it_asks_for(advise_on) -> None:
    """A composed negative spares what the proposed prompt names."""
    advice = advise_on("anime 1girl", seen=("anime", "1girl", "hat"), goal=Goal.ADAPT)

    assert "anime" in advice.prompt
    assert "anime" not in advice.negative_prompt


def test_blocked_words_are_never_proposed(advise_on) -> None:
    """Whatever the choice, a blocked word is not in the prompt."""
    wishes = Wishes(blocked_words=("hat",))
    for goal in Goal:
        assert "hat" not in advise_on("red house, hat, tree", seen=("hat", "house"), goal=goal, wishes=wishes).prompt


@pytest.mark.parametrize("goal", Goal)
def test_flux_gets_no_new_negative(goal: Goal, advise_on) -> None:
    """Its negative prompt is mute, so neither tags nor a merge come with one, and that is said."""
    flux = Resources(family=ModelFamily.FLUX)
    advice = advise_on("score_9, hat, circle", "ugly", seen=("house", "watermark"), goal=goal, resources=flux)

    assert {""} == {advice.wordings[choice][1] for choice in (Choice.REVERSE, Choice.MERGE)}
    assert "N-MUTE" in [reason.rule_id for reason in advice.reasons]


def test_a_new_style_leaves_the_old_one_out(advise_on) -> None:
    """To restyle, the words of the old medium are left out of tags and merge; to adapt they stay."""
    prompts = {
        goal: advise_on("anime, red house, tree", seen=("anime", "red", "house", "tree"), goal=goal)
        for goal in (Goal.RESTYLE, Goal.ADAPT)
    }
    for choice in (Choice.REVERSE, Choice.MERGE):
        assert "anime" not in prompts[Goal.RESTYLE].wordings[choice][0]
        assert "anime" in prompts[Goal.ADAPT].wordings[choice][0]
