"""What is known about a picture before anything is generated."""

from __future__ import annotations

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.workflow.story import goal_named


def test_goals_are_known_by_name() -> None:
    """An unknown goal is refused with the list of goals."""
    assert "adapt" == goal_named("adapt").value
    with pytest.raises(InvalidInputError, match="reproduce, adapt, restyle, learn"):
        goal_named("win")
