"""The dynamic layer from a diff."""

import pytest

from counterprompt.negative.evidence import dynamic_layer, is_defect
from counterprompt.tags.classes import DiffClass, DiffEntry, PromptDiff


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("blurry", True),
        ("film grain", True),
        ("extra_arms", True),
        ("signature", True),
        ("watermark", True),
        ("out of focus", True),
        ("1girl", False),
        ("red", False),
        ("hands", False),
        ("sketch", False),
    ],
)
def test_defects_are_told_from_content(tag: str, expected: bool) -> None:
    """Layer terms, synonyms and kinds of them and the taggers' defect words are defects, content is none."""
    assert expected is is_defect(tag)


def test_leaks_and_unexpected_defects_are_evidence() -> None:
    """What leaked counts whatever it is, what is unexpected only when it is a defect; the surest comes first."""
    diff = PromptDiff(
        (
            DiffEntry("cat", DiffClass.CONFIRMED, 1.0, 0.99),
            DiffEntry("hat", DiffClass.LEAKED, 1.0, 0.6, is_negated=True),
            DiffEntry("noisy", DiffClass.SUPPRESSED, 1.0, 0.0, is_negated=True),
            DiffEntry("watermark", DiffClass.UNEXPECTED, 1.0, 0.9),
            DiffEntry("sofa", DiffClass.UNEXPECTED, 1.0, 0.8),
        )
    )

    assert ("watermark", "hat") == dynamic_layer(diff).terms
    assert ("watermark",) == dynamic_layer(diff, limit=1).terms
