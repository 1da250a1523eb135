"""Whose turn a seed is."""

from counterprompt.search.seed_turns import SeedTurns

SEEDS = (10, 11, 12, 13, 14, 15)
KEY, OTHER = ("a house", "blurry", 7.0), ("a house", "", 7.0)


def test_the_baseline_gets_all_seeds():
    """Trial 0 runs on every seed."""
    assert SEEDS == SeedTurns(SEEDS).next_for(KEY, 0)


def test_trials_begin_at_different_seeds():
    """One trial after another takes the next two, and after the last the first again."""
    turns = SeedTurns(SEEDS)

    assert [(12, 13), (14, 15), (10, 11)] == [turns.next_for(KEY, number) for number in (1, 2, 3)]


def test_who_returns_gets_seeds_it_has_not_seen():
    """Seeds that a candidate ran on are passed over, others' are not; who has seen all begins again."""
    turns = SeedTurns(SEEDS)
    turns.note(KEY, (12, 13, 14))

    assert ((15, 10), (12, 13)) == (turns.next_for(KEY, 1), turns.next_for(OTHER, 1))
    turns.note(KEY, SEEDS)
    assert (12, 13) == turns.next_for(KEY, 1)
