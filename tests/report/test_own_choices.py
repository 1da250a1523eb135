"""A person's choices in the report's words."""

from counterprompt.report.own_choices import own_choices
from counterprompt.search.taste.proof import BlindPairs
from counterprompt.search.taste.summary import TasteSummary


def test_nobody_asked_nothing_said():
    """Without answers the report is silent."""
    assert own_choices(None) is None


def test_agreement_and_pairs_are_told():
    """How often the pick was the score's favourite, how often that were chance, and what the pairs decided."""
    found = own_choices(TasteSummary(20, 2, 12, 5.0, 0.7, BlindPairs(9, 1)))

    assert found is not None
    assert "12 of 20 questions (5 by blind chance)" in found.sentences[0]
    assert "70%" in found.sentences[0]
    assert "2 questions none" in found.sentences[1]
    assert "9 times and your own settings 1 times." in found.sentences[2]
    assert "gain" == found.decided


def test_even_pairs_decide_nothing():
    """Four against three may be chance, and the sentence says so."""
    found = own_choices(TasteSummary(0, 0, 0, 0.0, 0.7, BlindPairs(4, 3)))

    assert found is not None
    assert "" == found.decided
    assert "may be chance" in found.sentences[0]
