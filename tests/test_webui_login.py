"""How a WebUI is told who asks."""

from __future__ import annotations

import pytest

from counterprompt.errors import GeneratorError, InvalidInputError
from counterprompt.webui_login import login_headers, refuse_outsiders


@pytest.mark.parametrize(
    ("auth", "headers"), [(None, {}), ("me:secret:word", {"Authorization": "Basic bWU6c2VjcmV0OndvcmQ="})]
)
def test_the_login_becomes_a_header(auth: str | None, headers: dict[str, str]) -> None:
    """Name and password are told as RFC 7617 has it, and nothing where there is no login."""
    assert headers == login_headers(auth)


def test_a_login_without_a_colon_is_refused() -> None:
    """The sentence says what is missing."""
    with pytest.raises(InvalidInputError, match="with the colon"):
        login_headers("me")


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_login_is_told(status: int) -> None:
    """Both answers that hosts give name the address and the remedy; other answers pass."""
    refuse_outsiders(500, "http://host")

    with pytest.raises(GeneratorError, match="http://host refused the login; give its --api-auth"):
        refuse_outsiders(status, "http://host")
