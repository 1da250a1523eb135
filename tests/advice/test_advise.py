"""How reasons become a choice."""

import pytest

from counterprompt.advice.advise import Goal


def test_no_prompt_and_nothing_seen(advise_on) -> None:
    """Where there is nothing to say, the prompt is empty and nothing fails."""
    advice = advise_on("", seen=())

    assert ("reverse", "") == (advice.choice.value, advice.prompt)


@pytest.mark.parametrize(("goal", "expected"), [(Goal.LEARN, True), (Goal.ADAPT, False)])
def test_learning_compares(goal: Goal, expected: bool, advise_on) -> None:
    """To learn, both prompts are to be generated."""
    assert expected is advise_on(goal=goal).should_compare


def test_a_near_balance_is_compared(advise_on) -> None:
    """A merge may be settled by experiment."""
    advice = advise_on("hat, circle, tree", seen=("tree",))

    assert "merge" == advice.choice.value
    assert advice.should_compare


def test_many_culprits_are_summed_up(advise_on) -> None:
    """No reason lists more than five names."""
    prompt = ", ".join(f"name{number}x wlop" for number in range(8))
    (text,) = [reason.text for reason in advise_on(prompt).reasons if reason.rule_id == "E-NAMES"]

    assert "and 3 more" in text
