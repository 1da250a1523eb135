"""Terms shortlisted from evidence."""

import pytest

from counterprompt.ports import Scores
from counterprompt.search.evidence import terms_from_probes, terms_from_tags, without_asked
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory


def _seen(*tags: tuple[str, float]) -> ObservedTags:
    return ObservedTags(tuple(ObservedTag(name, TagCategory.GENERAL, sure) for name, sure in tags), frozenset())


def test_failed_probes_are_shortlisted():
    """A probe that fails on a fair share of pictures names a term, the worst first; one rare failure does not."""
    clean = {"blurry": 0.1, "noisy": 0.6, "watermark": 0.1, "grainy": 0.2}
    pictures = [Scores(5.0, 0.3, {**clean, "blurry": 0.9})] * 6 + [Scores(5.0, 0.3, {**clean, "watermark": 0.9})]

    assert ("blurry", "noisy") == terms_from_probes(pictures)


def test_a_defect_seen_by_probe_and_tagger_is_one_term():
    """What a tagger sees is shortlisted under the defect's own name, which can stand in a prompt."""
    pictures = [Scores(5.0, 0.3, {"blurry": 0.7, "tagger: blurry": 0.9, "tagger: signature": 0.8, "noisy": 0.1})] * 3

    assert ("blurry", "signature") == terms_from_probes(pictures)


def test_defects_that_are_seen_are_shortlisted():
    """Tags that name a defect are taken, those seen most first; what is no defect is not."""
    observed = [_seen(("watermark", 0.5), ("tree", 0.9)), _seen(("watermark", 0.6), ("blurry", 0.7))]

    assert ("watermark", "blurry") == terms_from_tags(observed)


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [("a house", ("blurry", "noisy")), ("a blurry house, blurry", ("noisy",)), ("(noisy:1.2)", ("blurry",))],
)
def test_what_is_asked_for_is_left_out(prompt: str, expected: tuple[str, ...]):
    """Evidence never negates the prompt, and names each term once."""
    assert expected == without_asked(["blurry", "noisy", "blurry"], prompt)
