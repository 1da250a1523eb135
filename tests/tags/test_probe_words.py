"""Words that a probe polices under another name."""

import random
from dataclasses import replace

import pytest
from PIL import Image

from counterprompt.bootstrap import miniature, scorers
from counterprompt.miniature.drawing import draw
from counterprompt.miniature.world import sample_scene
from counterprompt.prompts.folding import fold_words
from counterprompt.scoring.probe_table import BUILT_IN_PROBES
from counterprompt.settings import Settings
from counterprompt.tags.diff import diff_prompt
from counterprompt.tags.observed import ObservedTags
from counterprompt.tags.probe_words import PROBE_WORDS, rows_for
from counterprompt.tags.probed import ProbedTerm, ProbeVerdicts

BLIND = ObservedTags((), frozenset())


@pytest.mark.parametrize(
    ("text", "probe", "chance", "verdict"),
    [
        ("worst quality", "low quality", 0.9, 0.9),
        ("worst quality", "low quality", 0.1, 0.0),
        ("lowres", "low quality", 0.9, 0.9),
        ("low quality", "blurry", 0.8, 0.8),
        ("low quality", "blurry", 0.1, None),
        ("(Worst_Quality)", "jpeg artifacts", 0.7, 0.7),
        ("high quality", "low quality", 0.1, 0.9),
        ("high quality", "low quality", 0.9, 0.0),
        ("masterpiece", "low quality", 0.1, None),
        ("masterpiece", "low quality", 0.9, 0.0),
        ("sharp focus", "blurry", 0.2, 0.8),
        ("sharp focus", "blurry", 0.8, 0.0),
        ("sharp focus", "blurry", 0.5, None),
        ("missing arms", "bad anatomy", 0.9, None),
        ("missing arms", "bad anatomy", 0.1, 0.0),
        ("bad anatomy", "bad anatomy", 0.9, 0.9),
        ("artifacts", "jpeg artifacts", 0.9, 0.9),
        ("perfect hands", "bad hands", 0.9, 0.0),
        ("normal quality", "low quality", 0.9, None),
        ("ugly", "low quality", 0.9, None),
        ("sharp focus", "watermark", 0.9, None),
    ],
)
def test_verdicts_on_other_words(text: str, probe: str, chance: float, verdict: float | None) -> None:
    """Each way of naming a fault or its absence takes from the probe what that really says, and no more."""
    assert pytest.approx(verdict) == ProbeVerdicts([ProbedTerm(probe, chance)]).judge(text, is_negated=True)


def test_well_exposed_is_neither_too_bright_nor_too_dark() -> None:
    """One of two probes that sees its fault is enough to deny it, both must be sure to grant it."""
    bright = ProbeVerdicts([ProbedTerm("overexposed", 0.9), ProbedTerm("underexposed", 0.0)])
    fine = ProbeVerdicts([ProbedTerm("overexposed", 0.1), ProbedTerm("underexposed", 0.3)])
    unsure = ProbeVerdicts([ProbedTerm("overexposed", 0.5), ProbedTerm("underexposed", 0.0)])

    assert [0.0, 0.7, None] == [one.judge("well exposed", is_negated=False) for one in (bright, fine, unsure)]


def test_only_the_very_fault_is_claimed() -> None:
    """Who asks for sharp focus, or negates low quality, has not named the blur that a probe sees."""
    verdicts = ProbeVerdicts([ProbedTerm("blurry", 0.9), ProbedTerm("low quality", 0.8)])
    for text in ("sharp focus", "worst quality"):
        verdicts.judge(text, is_negated=False)

    assert [("blurry", 0.9)] == list(verdicts.unasked())


def test_rows_name_probes_that_there_are() -> None:
    """Every row leans on a probe of the built-in table, with a reason."""
    built_in = {probe.defect for probe in BUILT_IN_PROBES}

    for row in PROBE_WORDS:
        assert built_in.issuperset(row.probes), row
        assert row.reason.endswith(".")
        assert all(row in rows_for(words) for words in row.words)


def test_no_word_both_names_and_denies_a_fault() -> None:
    """A word in two rows has one sense in both."""
    for text in {fold_words(words) for row in PROBE_WORDS for words in row.words}:
        assert 1 == len({row.is_opposite for row in rows_for(" ".join(text))}), text


@pytest.fixture(scope="module", name="diffs")
def _diffs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, tuple[str, str]]]:
    """The miniature's probes on a sharp and on a blurred drawing, without a tagger: term to class and witness."""
    settings = Settings(tmp_path_factory.mktemp("data"))
    diffs = {}
    for name, defects in (("sharp", ()), ("blurred", ("blurry",))):
        scene = replace(sample_scene(random.Random(1), style="plain", shape="house"), defects=defects)
        probes = scorers.probe_picture(Image.fromarray(draw(scene)), settings, miniature.miniature_folder() / "clip")
        diff = diff_prompt("sharp focus, masterpiece", "low quality, worst quality, jpeg artifacts", BLIND, probes)
        diffs[name] = {entry.tag: (entry.diff_class.value, entry.witness.value) for entry in diff.entries}
    return diffs


def test_the_miniatures_scorer_judges_sharp_focus(diffs: dict[str, dict[str, tuple[str, str]]]) -> None:
    """Its probe for blur grants it on a sharp drawing and denies it on a blurred one."""
    assert ("confirmed", "probe") == diffs["sharp"]["sharp focus"]
    assert ("missing", "probe") == diffs["blurred"]["sharp focus"]


def test_the_miniatures_scorer_judges_quality_by_its_faults(diffs: dict[str, dict[str, tuple[str, str]]]) -> None:
    """A blurred drawing is of low quality; of a sharp one nothing is said, for no probe polices quality as such."""
    for term in ("low quality", "worst quality"):
        assert ("leaked", "probe") == diffs["blurred"][term]
        assert ("unobservable", "nobody") == diffs["sharp"][term]


def test_what_no_probe_polices_is_not_judged(diffs: dict[str, dict[str, tuple[str, str]]]) -> None:
    """The miniature has no probe for compression, and none can grant a masterpiece."""
    for diff in diffs.values():
        assert ("unobservable", "nobody") == diff["jpeg artifacts"]
        assert ("unobservable", "nobody") == diff["masterpiece"]
