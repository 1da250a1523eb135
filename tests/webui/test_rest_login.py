"""Who may use our routes."""

from __future__ import annotations

import base64
from types import SimpleNamespace

import pytest

from counterprompt.webui.rest_login import ForbiddenError, NoLoginError, RestLogin, login_of


def _basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("options", "login"),
    [
        ({}, RestLogin()),
        ({"api_auth": None, "gradio_auth": None}, RestLogin()),
        ({"api_auth": "a:b"}, RestLogin((("a", "b"),))),
        ({"api_auth": "a:b,c:d:e", "gradio_auth": "x:y"}, RestLogin((("a", "b"), ("c", "d:e")))),
        ({"gradio_auth": "x:y"}, RestLogin(is_refused=True)),
        ({"gradio_auth_path": "logins.txt"}, RestLogin(is_refused=True)),
    ],
)
def test_the_command_line_says_who_may(options: dict[str, str | None], login: RestLogin) -> None:
    """--api-auth names logins, several parted by commas; --gradio-auth alone closes the API."""
    assert login == login_of(SimpleNamespace(**options))


def test_only_a_whole_login_gets_in() -> None:
    """Every pair gets in, a user with another's password does not, nor does an empty login."""
    login = RestLogin((("a", "b"), ("ü", "ß"), ("", "")))

    login.check(_basic("a:b"))
    login.check(_basic("ü:ß"))
    for header in (None, "", _basic("a:ß"), _basic(":"), _basic("a"), "Basic \x00", f"Digest {_basic('a:b')[6:]}"):
        with pytest.raises(NoLoginError):
            login.check(header)


def test_where_nobody_may_a_login_is_no_help() -> None:
    """A closed API refuses everybody and says what would open it."""
    with pytest.raises(ForbiddenError, match="--api-auth USER:PASSWORD"):
        RestLogin((("a", "b"),), is_refused=True).check(_basic("a:b"))
