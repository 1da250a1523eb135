"""The benchmark of choosing by eye, in small."""

from benchmarks.human_choice import TERMS, Taster, study, taste_of
from counterprompt.search.taste.interview import Asking
from counterprompt.search.taste.questions import Option, Purpose, Question, Word


def test_a_strong_taste_moves_the_winner() -> None:
    """Somebody who cannot stand paintings gets them negated, though the score likes them; alone they are not."""
    alone = study(1, 120, None)
    asked = study(1, 120, Asking(Taster({"painting": 3.0}, 1), 12, 1.0))

    assert "painting" not in alone.negative_prompt
    assert "painting" in asked.negative_prompt


def test_a_taster_follows_its_taste() -> None:
    """Of two pictures that the score likes alike it picks the one without what it hates; the proof it leaves alone."""
    plain = Option("a.png", (("layer:style", 1.0), ("term:text", 0.0)), 0.0)
    without = Option("b.png", (("layer:style", 1.0), ("term:text", 1.0)), 0.0)
    picks = [
        Taster({"text": 3.0}, seed).answer(Question(Purpose.SEARCH, 1, (plain, without)), (), 0).picked
        for seed in range(9)
    ]

    assert [1] * 9 == picks
    assert Word.ENOUGH is Taster(None, 0).answer(Question(Purpose.PROOF, 1, (plain, without)), (), 0).word


def test_tastes_differ_and_are_balanced() -> None:
    """Two terms are wanted and two are not, others in other repetitions."""
    tastes = [taste_of(at) for at in range(6)]

    assert all(abs(sum(taste.values())) < 1e-9 and set(taste) <= set(TERMS) for taste in tastes)
    assert len({frozenset(taste) for taste in tastes}) > 3
