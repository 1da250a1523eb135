"""Our routes on the host's server: login and size first, then the body, then the work, in a thread of the server's."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fastapi import Depends
from fastapi import Request as ServerRequest
from fastapi.responses import FileResponse, Response

from counterprompt.webui.rest_table import PREFIX, ROUTES, Request

if TYPE_CHECKING:
    from counterprompt.webui.rest_actions import RestWork
    from counterprompt.webui.rest_answers import Answer, FileAnswer
    from counterprompt.webui.rest_login import RestLogin

LARGEST_BODY: Final = 64_000_000
"""Bytes of a body that are taken: a picture of 48 MB as base64."""

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    # A report is a page: it may show itself and reach nothing, this server least of all.
    "Content-Security-Policy": "sandbox allow-scripts; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'",
}


@dataclass(frozen=True)
class _Received:
    """A request that was let in, or why it was not."""

    request: Request
    fault: Exception | None = None


def add_routes(app: Any, work: Callable[[], RestWork], login: RestLogin, largest_body: int = LARGEST_BODY) -> None:
    """Add every route to the host's FastAPI *app*; bodies of more than *largest_body* bytes are refused.

    *work* is asked for what does it all with each request, so that the host's start loads none of that.
    """
    receive = _receiver(login, largest_body)
    for method, path, action in ROUTES:
        app.add_api_route(
            PREFIX + path,
            _endpoint(action, work, receive),
            methods=[method],
            response_model=None,
            include_in_schema=False,
        )


def _endpoint(action: str, work: Callable[[], RestWork], receive: Callable[..., Any]) -> Callable[..., Response]:
    def endpoint(received: Any = Depends(receive)) -> Any:  # noqa: B008 - so FastAPI wants it
        from counterprompt.webui.rest_answers import error_answer

        try:
            if received.fault is not None:
                raise received.fault
            return _response(getattr(work(), action)(received.request))
        except Exception as error:  # whatever it is, the host's server goes on
            return _response(error_answer(error))

    return endpoint


def _receiver(login: RestLogin, largest_body: int) -> Callable[[ServerRequest], Any]:
    async def receive(request: ServerRequest) -> Any:
        from counterprompt.webui.rest_fields import parse_body

        name = str(request.path_params.get("name", ""))
        try:
            login.check(request.headers.get("authorization"))
            body = parse_body(await _content(request, largest_body)) if request.method == "POST" else {}
        except Exception as error:
            return _Received(Request(), error)
        return _Received(Request(body, name))

    return receive


async def _content(request: ServerRequest, largest: int) -> bytes:
    """Read the body, "{}" for none, without ever holding more than *largest* bytes."""
    from counterprompt.webui.rest_answers import TooLargeError, WrongTypeError

    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said[:20]) > largest:
        raise TooLargeError(f"The body has {said[:20]} bytes; send at most {largest}.")
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > largest:
            raise TooLargeError(f"The body has more than {largest} bytes; send fewer.")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":  # a page of strangers cannot send that without being asked about it first
        raise WrongTypeError(f"The body is of type {kind[:80] or 'none'}; send Content-Type: application/json.")
    return bytes(content) or b"{}"


def _response(answer: Answer | FileAnswer) -> Response:
    from counterprompt.webui.rest_answers import FileAnswer

    if isinstance(answer, FileAnswer):
        return FileResponse(answer.path, media_type=answer.media_type, headers=_HEADERS)
    headers = dict(_HEADERS)
    if answer.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="counterprompt"'
    # ASCII, since texts from pictures may hold halves of characters, which no other encoding takes.
    content = json.dumps(answer.values, ensure_ascii=True, allow_nan=False)
    return Response(content, answer.status, headers, "application/json")
