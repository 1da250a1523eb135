"""The six classes of the prompt diff."""

import pytest

from counterprompt.tags.diff import DiffClass, PromptDiff, Witness, diff_prompt
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory
from counterprompt.tags.probed import ProbedTerm

VOCABULARY = frozenset(
    {
        *(
            "1girl",
            "person",
            "long hair",
            "blonde hair",
            "blue eyes",
            "red",
            "blue",
            "circle",
            "square",
            "house",
            "hat",
        ),
        *(
            "red hat",
            "white background",
            "blurry",
            "noisy",
            "watermark",
            "bad anatomy",
            "cartoon",
            "hatsune miku",
            "general",
        ),
    }
)


def observe(*names: str, category: TagCategory = TagCategory.GENERAL) -> ObservedTags:
    """See *names*, each a little less surely than the one before."""
    tags = tuple(ObservedTag(name, category, 0.9 - 0.1 * rank) for rank, name in enumerate(names))
    return ObservedTags(tags, VOCABULARY)


def classes(diff: PromptDiff) -> dict[str, str]:
    """Map each tag to its class."""
    return {entry.tag: entry.diff_class.value for entry in diff.entries}


@pytest.mark.parametrize(
    ("prompt", "negative_prompt", "seen", "expected"),
    [
        ("blue eyes", "", ["blue eyes"], {"blue eyes": "confirmed"}),
        ("blue eyes", "", [], {"blue eyes": "missing"}),
        ("", "", ["hat"], {"hat": "unexpected"}),
        ("", "blurry", ["blurry"], {"blurry": "leaked"}),
        ("", "blurry", [], {"blurry": "suppressed"}),
        ("masterpiece", "worst quality", [], {"masterpiece": "unobservable", "worst quality": "unobservable"}),
    ],
    ids=[diff_class.value for diff_class in DiffClass],
)
def test_the_six_classes(prompt: str, negative_prompt: str, seen: list[str], expected: dict[str, str]) -> None:
    """One plain case for each class."""
    assert expected == classes(diff_prompt(prompt, negative_prompt, observe(*seen)))


@pytest.mark.parametrize(
    "prompt", ["Blue_Eyes", "(blue eyes:1.3)", "[blue eye]", r"blue\ eyes", "BLUE-EYES", "<lora:x:1> blue eyes"]
)
def test_spelling_does_not_matter(prompt: str) -> None:
    """Case, underscores, emphasis, escapes, hyphens and plural fold away."""
    (entry,) = diff_prompt(prompt, "", observe("blue eyes")).entries

    assert DiffClass.CONFIRMED is entry.diff_class


@pytest.mark.parametrize(
    ("prompt", "seen", "expected"),
    [
        ("red circle", ["red", "circle"], {"red circle": "confirmed"}),
        ("red circle", ["red", "square"], {"red": "confirmed", "circle": "missing", "square": "unexpected"}),
        (
            "a red circle on a white background",
            ["red", "circle", "white background"],
            {"red circle": "confirmed", "white background": "confirmed"},
        ),
        ("red hat", ["red hat", "hat", "red"], {"red hat": "confirmed", "hat": "confirmed", "red": "confirmed"}),
        ("long blonde hair", ["long hair", "blonde hair"], {"long hair": "confirmed", "blonde hair": "confirmed"}),
        ("a cute girl", ["1girl"], {"cute": "unobservable", "girl": "confirmed"}),
        ("a cute girl", [], {"cute": "unobservable", "girl": "missing"}),
        ("girl", ["1girl", "person"], {"girl": "confirmed", "person": "confirmed"}),
        ("blue archive", [], {"blue archive": "unobservable"}),  # a name, not a missing blue
        ("art by wlop", [], {"art by wlop": "unobservable"}),
        ("bokeh", ["blurry"], {"bokeh": "confirmed"}),
    ],
)
def test_terms_are_read_by_their_parts(prompt: str, seen: list[str], expected: dict[str, str]) -> None:
    """What the vocabulary lacks as a whole is looked for in parts, and names are never called missing."""
    assert expected == classes(diff_prompt(prompt, "", observe(*seen)))


@pytest.mark.parametrize(
    ("negative_prompt", "seen", "expected"),
    [
        ("out of focus", ["blurry"], {"out of focus": "leaked"}),
        ("logo", ["watermark"], {"logo": "leaked"}),
        ("extra arms", [], {"extra arms": "suppressed"}),
        ("a watermark", ["watermark"], {"a watermark": "leaked"}),
        ("red circle", ["red", "circle"], {"red circle": "leaked"}),
        ("red circle", ["red"], {"red circle": "suppressed", "red": "unexpected"}),
        (
            "ugly red circle",
            ["red", "circle"],
            {"ugly red circle": "unobservable", "red": "unexpected", "circle": "unexpected"},
        ),
    ],
)
def test_negated_terms(negative_prompt: str, seen: list[str], expected: dict[str, str]) -> None:
    """A negated term leaks only as a whole."""
    assert expected == classes(diff_prompt("", negative_prompt, observe(*seen)))


def test_asked_and_negated_counts_as_asked() -> None:
    """No tag is listed twice: what both prompts hold is asked."""
    assert {"hat": "confirmed"} == classes(diff_prompt("hat", "hats", observe("hat")))


def test_every_observed_tag_is_in_one_entry() -> None:
    """Nothing seen is lost and nothing is listed twice."""
    diff = diff_prompt("1girl, red hat", "blurry, cartoon", observe("1girl", "hat", "blurry", "house"))

    names = [entry.tag for entry in diff.entries]
    assert len(names) == len(set(names))
    assert {"1girl", "hat", "blurry", "house"} <= set(names)


def test_weights_and_confidences() -> None:
    """Emphasis is the weight; the tagger's word is the confidence; parts count as the least sure one."""
    diff = diff_prompt("(red circle:1.3), [house]", "(blurry:1.4)", observe("red", "circle", "blurry", "hat"))

    told = {entry.tag: (round(entry.weight, 2), round(entry.confidence, 2)) for entry in diff.entries}
    assert {"red circle": (1.3, 0.8), "house": (0.91, 0.0), "blurry": (1.4, 0.7), "hat": (1.0, 0.6)} == told


def test_ratings_are_not_compared() -> None:
    """A rating is no content that anybody could have asked for."""
    assert () == diff_prompt("", "", observe("general", category=TagCategory.RATING)).entries


def test_characters_are_compared() -> None:
    """A character that shows unasked is unexpected."""
    diff = diff_prompt("", "", observe("hatsune miku", category=TagCategory.CHARACTER))

    assert {"hatsune miku": "unexpected"} == classes(diff)


@pytest.mark.parametrize(
    ("prompt", "agreement"), [("hat, (house:3)", 0.25), ("hat", 1.0), ("masterpiece", None), ("", None)]
)
def test_agreement(prompt: str, agreement: float | None) -> None:
    """Agreement is the confirmed share of the observable weight."""
    assert agreement == diff_prompt(prompt, "", observe("hat")).agreement


@pytest.mark.parametrize("separator", [",red ", " "], ids=["many terms", "one term"])
def test_a_long_hostile_prompt_is_read(separator: str) -> None:
    """Thousands of terms, or of words in one term, are sorted in linear time."""
    prompt = "red " + separator.join(f"word{number}" for number in range(6_500))

    assert DiffClass.CONFIRMED is diff_prompt(prompt, prompt, observe("red")).entries[0].diff_class


@pytest.mark.parametrize(
    ("prompt", "negative_prompt", "chance", "expected"),
    [
        ("", "malformed hands", 0.9, ("malformed hands", "leaked", 0.9, Witness.PROBE)),
        ("", "malformed hands", 0.1, ("malformed hands", "suppressed", 0.0, Witness.PROBE)),
        ("", "malformed hands", 0.5, ("malformed hands", "unobservable", 0.0, Witness.NOBODY)),
        ("", "(mutated_hands:1.2)", 0.8, ("mutated hands", "leaked", 0.8, Witness.PROBE)),
        ("", "extra fingers", 0.8, ("extra fingers", "leaked", 0.8, Witness.PROBE)),
        ("bad hands", "", 0.9, ("bad hands", "confirmed", 0.9, Witness.PROBE)),
        ("bad hands", "", 0.2, ("bad hands", "missing", 0.0, Witness.PROBE)),
        ("", "", 0.7, ("bad hands", "unexpected", 0.7, Witness.PROBE)),
        ("", "", 0.5, None),
        ("wlop", "", 0.9, ("wlop", "unobservable", 0.0, Witness.NOBODY)),
    ],
)
def test_probes_judge_what_the_tagger_cannot_say(
    prompt: str, negative_prompt: str, chance: float, expected: tuple[str, str, float, Witness] | None
) -> None:
    """A sure probe gives a verdict on its term, an unsure one none, and what it sees unasked is unexpected."""
    diff = diff_prompt(prompt, negative_prompt, observe(), [ProbedTerm("bad hands", chance)])

    told = [(entry.tag, entry.diff_class.value, entry.confidence, entry.witness) for entry in diff.entries]
    assert [expected] == told[:1] if expected else [] == told


def test_the_tagger_speaks_first() -> None:
    """A probe is not asked about what the tagger's label file holds."""
    (entry,) = diff_prompt("", "blurry", observe(), [ProbedTerm("blurry", 0.99)]).entries

    assert (DiffClass.SUPPRESSED, Witness.TAGGER) == (entry.diff_class, entry.witness)


@pytest.mark.parametrize(
    ("prompt", "tag"),
    [
        ("two women", "1girl"),
        ("houses", "house"),
        ("hats", "hat"),
        ("blurred", "blurry"),
        ("Hatsune_Miku", "hatsune miku"),
    ],
)
def test_plurals_and_synonyms_match(prompt: str, tag: str) -> None:
    """Irregular plurals, regular ones and synonyms of prompts find their tag."""
    category = TagCategory.CHARACTER if tag == "hatsune miku" else TagCategory.GENERAL

    assert DiffClass.CONFIRMED in {
        entry.diff_class for entry in diff_prompt(prompt, "", observe(tag, category=category)).entries
    }
