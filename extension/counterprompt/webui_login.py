"""How a WebUI that was started with `--api-auth` is told who asks."""

from __future__ import annotations

import base64

from counterprompt.errors import GeneratorError, InvalidInputError


def login_headers(auth: str | None) -> dict[str, str]:
    """Return the HTTP headers that say *auth*, "user:password" of `--api-auth`; none for None.

    Raises:
        InvalidInputError: *auth* has no colon.
    """
    if auth is None:
        return {}
    if ":" not in auth:
        raise InvalidInputError("The WebUI's authentication must be user:password, with the colon.")
    return {"Authorization": "Basic " + base64.b64encode(auth.encode()).decode("ascii")}


def refuse_outsiders(status: int, url: str) -> None:
    """Say what to do where the WebUI at *url* answers with the HTTP *status* of a wrong login.

    Raises:
        GeneratorError: it does.
    """
    if status in (401, 403):
        raise GeneratorError(f"The WebUI at {url} refused the login; give its --api-auth user:password.")
