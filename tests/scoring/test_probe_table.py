"""Tables of antonym prompts."""

from pathlib import Path

import pytest

from counterprompt.errors import MissingModelError
from counterprompt.scoring.probe_table import BUILT_IN_PROBES, AntonymPrompts, parse_probes


def test_both_forms_are_read():
    """A bare list of pairs and an object with calibration mean what they say."""
    table = {"blurry": [["sharp", "blurry"]], "noisy": {"pairs": [["clean", "noisy"]], "scale": 3, "bias": -1}}

    assert (
        AntonymPrompts("blurry", (("sharp", "blurry"),)),
        AntonymPrompts("noisy", (("clean", "noisy"),), scale=3.0, bias=-1.0),
    ) == parse_probes(table, Path("probes.json"))


@pytest.mark.parametrize(
    ("table", "remark"),
    [
        ({}, "names no defect"),
        ({"blurry": []}, '"blurry" in probes.json needs'),
        ({"blurry": "sharp"}, "needs a list"),
        ({"blurry": [["sharp"]]}, "needs a list"),
        ({"blurry": [["sharp", " "]]}, "needs a list"),
        ({"blurry": {"pairs": [["a", "b"]], "scale": 0}}, "above 0, not 0"),
        ({"blurry": {"pairs": [["a", "b"]], "scale": True}}, "above 0, not True"),
        ({"blurry": {"pairs": [["a", "b"]], "bias": "x"}}, "must be a number"),
        ({"blurry": {"pairs": [["a", "b"]], "bias": 10**400}}, "must be a number"),
    ],
)
def test_broken_table_is_refused(table, remark):
    """A broken entry is named with what it should be."""
    with pytest.raises(MissingModelError, match=remark):
        parse_probes(table, Path("probes.json"))


def test_built_in_defects_are_unique():
    """No defect stands twice in the built-in table, and each has prompts."""
    defects = [probe.defect for probe in BUILT_IN_PROBES]

    assert len(defects) == len(set(defects))
    assert all(probe.pairs for probe in BUILT_IN_PROBES)
