"""Speaks with the browser that shows the page of `choice_server`; what is not asked for exactly is refused."""

from __future__ import annotations

import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from counterprompt.errors import InvalidInputError

HOST = "127.0.0.1"
"""The one address that is listened at: nobody else can reach it."""
_MOST_BYTES = 2_000
"""Of an answer; what a browser sends has about a hundred."""
_PATIENCE_S = 10


class Shown(Protocol):
    """What is shown, and who hears the answer: `choice_server.PagePerson`."""

    @property
    def address(self) -> str:
        """Where the page is, with the secret in it."""

    def is_secret(self, text: str) -> bool:
        """Say whether *text* is the secret of the address."""

    def page(self) -> str:
        """Render what is to be seen now."""

    def picture(self, key: str, place: str) -> bytes | None:
        """Return the PNG at *place* of the open question *key*, None where there is none."""

    def take(self, key: str, text: str) -> None:
        """Take the answer *text* to the question *key*; raises InvalidInputError where it is no answer."""


class PersonServer(ThreadingHTTPServer):
    """Says nothing of a browser that went away in the middle: the terminal is for the study."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Leave out what a connection died of; tell a fault of ours as the base class does."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class PersonHandler(BaseHTTPRequestHandler):
    """Speaks to the browser; everything that is not asked for exactly is refused."""

    timeout = _PATIENCE_S
    server_version = "Counterprompt"
    sys_version = ""

    def do_GET(self) -> None:
        """Show the page or one picture of it."""
        path = self._path()
        if path == [""]:
            self._send(HTTPStatus.OK, "text/html; charset=utf-8", self._person.page().encode())
        elif path is not None and len(path) == 3 and path[0] == "picture":
            picture = self._person.picture(path[1], path[2])
            self._refuse(HTTPStatus.NOT_FOUND) if picture is None else self._send(HTTPStatus.OK, "image/png", picture)
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """Take an answer."""
        if self._path() != ["answer"] or not self._is_from_here():
            self._refuse(HTTPStatus.FORBIDDEN)
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or not 0 < int(length[:9]) <= _MOST_BYTES:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        text = self.rfile.read(int(length[:9])).decode("utf-8", "replace")
        try:
            fields = parse_qs(text, max_num_fields=8)
            self._person.take(fields.get("key", [""])[0], fields.get("answer", [""])[0])
        except (InvalidInputError, ValueError):
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", urlsplit(self._person.address).path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the address is a secret."""

    @property
    def _person(self) -> Shown:
        person: Shown = self.server.person  # type: ignore[attr-defined]
        return person

    def _path(self) -> list[str] | None:
        """Return the path below the secret, None where that is not in it or another host is asked."""
        own = urlsplit(self._person.address).netloc
        parts = urlsplit(self.path).path.split("/")
        if self.headers.get("Host") != own or len(parts) < 3 or not self._person.is_secret(parts[1]):
            return None
        return parts[2:]

    def _is_from_here(self) -> bool:
        """Whether the form was on our page, as far as the browser tells."""
        origin = self.headers.get("Origin")
        return origin in (None, "null") or f"{origin}/" == self._person.address[: len(str(origin)) + 1]

    def _send(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("X-Frame-Options", "DENY")
        self.end_headers()
        self.wfile.write(content)

    def _refuse(self, status: HTTPStatus) -> None:
        self._send(status, "text/plain; charset=utf-8", f"{status.phrase}\n".encode())
