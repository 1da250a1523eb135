"""Captions for LoRA training."""

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.tagging.captions import (
    CaptionStyle,
    ExistingCaptions,
    caption_parts,
    merge_captions,
    render_caption,
)
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory

OBSERVED = ObservedTags(
    (
        ObservedTag("smile", TagCategory.GENERAL, 0.9),
        ObservedTag("general", TagCategory.RATING, 0.9),
        ObservedTag("miku (racing)", TagCategory.CHARACTER, 0.88),
        ObservedTag("vocaloid", TagCategory.COPYRIGHT, 0.86),
        ObservedTag("red hair", TagCategory.GENERAL, 0.7),
        ObservedTag("scan", TagCategory.META, 0.6),
        ObservedTag("^_^", TagCategory.GENERAL, 0.5),
    ),
    frozenset(),
)
PLAIN = "miku (racing), vocaloid, smile, red hair, ^_^, scan"


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (CaptionStyle(), PLAIN),
        (CaptionStyle(triggers=("myTrigger",)), f"myTrigger, {PLAIN}"),
        (CaptionStyle(triggers=("Smile",)), "Smile, miku (racing), vocaloid, red hair, ^_^, scan"),
        (CaptionStyle(triggers=("a b, red_hair", "")), "a b, red_hair, miku (racing), vocaloid, smile, ^_^, scan"),
        (CaptionStyle(blocked=("Red_Hair", "^_^", "scan", "")), "miku (racing), vocaloid, smile"),
        (CaptionStyle(blocked=("* hair", "*c*")), "smile, ^_^"),
        (CaptionStyle(blocked=("hair", ".*")), PLAIN),
        (CaptionStyle(has_underscores=True), "miku_(racing), vocaloid, smile, red_hair, ^_^, scan"),
        (CaptionStyle(has_escapes=True), r"miku \(racing\), vocaloid, smile, red hair, ^_^, scan"),
        (CaptionStyle(has_rating=True), f"{PLAIN}, general"),
        (CaptionStyle(order="name"), "miku (racing), vocaloid, ^_^, red hair, smile, scan"),
    ],
)
def test_each_option_shapes_the_caption(style, expected):
    """Trigger words, then names, then what is seen, then meta tags, none twice; a rating only when asked for."""
    assert expected == render_caption(OBSERVED, style)


def test_an_unknown_order_is_refused():
    """The message names the orders there are."""
    with pytest.raises(InvalidInputError, match="confidence, name"):
        CaptionStyle(order="length")


@pytest.mark.parametrize(
    ("existing", "old", "expected"),
    [
        (ExistingCaptions.OVERWRITE, "old words", "trig, smile, red hair"),
        (ExistingCaptions.KEEP, "old words\n", "old words\n"),
        (ExistingCaptions.APPEND, "old words, Red_Hair,\n", "trig, old words, Red_Hair, smile"),
        (ExistingCaptions.PREPEND, "old words, Red_Hair,\n", "trig, smile, old words, Red_Hair"),
        (ExistingCaptions.APPEND, "A photo, warm.\nsmile", "trig, A photo, warm.\nsmile, red hair"),
        (ExistingCaptions.APPEND, " \n", "trig, smile, red hair"),
        (ExistingCaptions.PREPEND, "red hair, trig, smile", "red hair, trig, smile"),
    ],
)
def test_existing_captions_are_joined(existing, old, expected):
    """What the old caption says already is not said twice, it keeps its wording, and the trigger word comes first."""
    style = CaptionStyle(triggers=("trig",))

    assert expected == merge_captions(old, ["trig", "smile", "red hair"], style, existing)


@pytest.mark.parametrize("existing", [ExistingCaptions.APPEND, ExistingCaptions.PREPEND])
def test_joining_twice_changes_nothing(existing):
    """A run that was killed and started again adds nothing a second time, escaped or not."""
    style = CaptionStyle(triggers=("trig",), has_escapes=True, has_underscores=True)
    parts = caption_parts(OBSERVED, style)

    once = merge_captions("old words", parts, style, existing)

    assert once == merge_captions(once, parts, style, existing)
