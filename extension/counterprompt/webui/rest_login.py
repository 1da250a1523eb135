"""Who may use our routes: the host's own rules, which it does not apply to routes that are not its own."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from typing import Any

from counterprompt.errors import CounterpromptError


class NoLoginError(CounterpromptError):
    """No login was given, or a wrong one."""


class ForbiddenError(CounterpromptError):
    """Nobody may."""


@dataclass(frozen=True)
class RestLogin:
    """What a request must show."""

    pairs: tuple[tuple[str, str], ...] = ()
    """User and password of everybody who may come in; () lets everybody in."""
    is_refused: bool = False
    """Whether nobody may come in: the page wants a login and the API has none."""

    def check(self, header: str | None) -> None:
        """Let a request with this Authorization *header* in, or not.

        Raises:
            NoLoginError: it shows no login, or a wrong one.
            ForbiddenError: nobody may come in.
        """
        if self.is_refused:
            raise ForbiddenError(
                "This WebUI runs with --gradio-auth but without --api-auth, so its API would be open; "
                "start it with --api-auth USER:PASSWORD too."
            )
        if self.pairs and not _is_among(_read_basic(header), self.pairs):
            raise NoLoginError("The login is missing or wrong; send that of --api-auth as HTTP Basic.")


def login_of(options: Any) -> RestLogin:
    """Read the rules from the host's command line *options*."""
    api_auth = str(getattr(options, "api_auth", None) or "")
    if api_auth:
        pairs = (pair.partition(":") for pair in api_auth.split(","))
        return RestLogin(tuple((user, password) for user, _, password in pairs))
    page_auth = getattr(options, "gradio_auth", None) or getattr(options, "gradio_auth_path", None)
    return RestLogin(is_refused=bool(page_auth))


def _read_basic(header: str | None) -> tuple[str, str]:
    scheme, _, text = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(text.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return user, password


def _is_among(shown: tuple[str, str], pairs: tuple[tuple[str, str], ...]) -> bool:
    """Compare with every pair, in a time that tells nothing of them."""
    found = False
    for user, password in pairs:
        is_user = hmac.compare_digest(shown[0].encode(), user.encode())
        is_password = hmac.compare_digest(shown[1].encode(), password.encode())
        found |= bool(user) and is_user and is_password
    return found
