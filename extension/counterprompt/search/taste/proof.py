"""The person's own proof: winner against the user's settings on fresh seeds, not knowing which is which."""

from __future__ import annotations

import random
from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

from counterprompt.search.taste.questions import Option, Purpose, Question, Word
from counterprompt.search.verification import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from counterprompt.search.taste.questions import Answer

DOUBT = 0.025
"""Probability of so many choices by chance alone, below which they decide: that of one side of a 95 % interval."""

FEWEST_PAIRS = 6
"""Pairs below which nothing could be decided."""


@dataclass(frozen=True)
class BlindPairs:
    """How often the challenger was picked over the user's settings."""

    wins: int = 0
    """Pairs in which the challenger was picked."""
    losses: int = 0
    """Pairs in which the user's own settings were."""
    ties: int = 0
    """Pairs in which neither was better."""

    @property
    def verdict(self) -> Verdict | None:
        """What the choices decide; None where they are too few or too even."""
        if _chance_of(self.wins, self.losses) <= DOUBT:
            return Verdict.GAIN
        return Verdict.NO_GAIN if _chance_of(self.losses, self.wins) <= DOUBT else None

    @property
    def sentence(self) -> str:
        """The outcome in one plain sentence."""
        ties = f", {self.ties} times neither" if self.ties else ""
        return (
            f"In {self.wins + self.losses + self.ties} blind pairs on fresh seeds you picked the new settings "
            f"{self.wins} times and your own {self.losses} times{ties}."
        )


def _chance_of(more: int, less: int) -> float:
    """Return the probability of *more* or more heads in all throws of a fair coin."""
    count = more + less
    return float(sum(comb(count, heads) for heads in range(more, count + 1)) / 2**count)


def pair_questions(pairs: Sequence[tuple[int, str, str]], search_seed: int) -> list[Question]:
    """Ask of each pair (seed, the user's own picture, the challenger's) which is better, in an order by chance."""
    questions = []
    for seed, own, new in pairs:
        options = [Option(own, (), 0.0), Option(new, (), 0.0)]
        random.Random(f"{search_seed} {seed}").shuffle(options)
        questions.append(Question(Purpose.PROOF, seed, tuple(options)))
    return questions


def count_pairs(
    pairs: Sequence[tuple[int, str, str]], answered: Sequence[tuple[Question, Answer]]
) -> BlindPairs | None:
    """Count what was *answered* of these *pairs*; None where nothing was."""
    said = {question.pictures: (question, answer) for question, answer in answered if answer.is_opinion}
    counts = dict.fromkeys((True, False, None), 0)
    for _, own, new in pairs:
        if own != new and frozenset((own, new)) in said:
            counts[_is_win(*said[frozenset((own, new))], new)] += 1
    return BlindPairs(counts[True], counts[False], counts[None]) if sum(counts.values()) else None


def _is_win(question: Question, answer: Answer, new: str) -> bool | None:
    if answer.word is not Word.PICKED or answer.picked is None:
        return None
    return question.options[answer.picked].picture == new


def decide(by_score: Verdict, pairs: BlindPairs | None) -> Verdict:
    """Let the person's own proof decide where it can, else the score's."""
    return (pairs.verdict if pairs else None) or by_score


def reason_by_pairs(pairs: BlindPairs | None) -> str:
    """Say why the verdict is what it is, where the person's own proof decided; else ""."""
    if pairs is None or pairs.verdict is None:
        return ""
    return f"{pairs.sentence} {'' if pairs.verdict is Verdict.GAIN else 'Your settings stay.'}".rstrip()


def open_pairs(questions: Sequence[Question], answered: Mapping[str, Answer]) -> list[Question]:
    """Leave the *questions* that have no answer yet."""
    return [question for question in questions if question.key not in answered]
