"""What answers come to."""

from counterprompt.search.taste.questions import Answer, Option, Purpose, Question, Word
from counterprompt.search.taste.summary import summarise


def _question(*scores: float, purpose: Purpose = Purpose.SEARCH) -> Question:
    return Question(purpose, 1, tuple(Option(f"{at}.png", (), score) for at, score in enumerate(scores)))


def test_agreement_with_the_score_is_counted():
    """A pick of the score's best agrees; by chance one in four would; what proves or says nothing is not counted."""
    answered = [
        (_question(0.1, 0.5, 0.2, 0.0), Answer(Word.PICKED, 1)),
        (_question(0.1, 0.5, 0.2, 0.0), Answer(Word.PICKED, 0)),
        (_question(0.1, 0.5), Answer(Word.PICKED, 1)),
        (_question(0.1, 0.5), Answer(Word.NONE)),
        (_question(0.1, 0.5), Answer(Word.SKIP)),
        (_question(0.0, 0.0, purpose=Purpose.PROOF), Answer(Word.PICKED, 1)),
    ]
    summary = summarise(answered, 0.5)

    assert summary is not None
    assert (3, 1, 2, 1.0) == (summary.picked, summary.none, summary.agreed, summary.by_chance)
    assert summarise([(_question(0.1, 0.2), Answer(Word.SKIP))], 0.5) is None
