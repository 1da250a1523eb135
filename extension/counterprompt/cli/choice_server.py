"""A small page of this machine that asks which picture is best; nobody else can see or answer it."""

from __future__ import annotations

import hmac
import io
import queue
import secrets
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from counterprompt.errors import InvalidInputError
from counterprompt.report.choice_page import render_question, render_waiting
from counterprompt.search.taste.questions import Purpose, answer_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from counterprompt.search.taste.questions import Answer, Question

_HOST = "127.0.0.1"
_MOST_BYTES = 2_000
"""Of an answer; what a browser sends has about a hundred."""
_SMALL_EDGE = 160
_PATIENCE_S = 10
_WAITING_S = 2


class PagePerson:
    """Implements `search.taste.questions.Person` with a page in the browser; use it in a `with` statement.

    It is served on 127.0.0.1 alone, at an address with a secret in it; answers must bring the same secret, come from
    that page and name the question that is open.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_urlsafe(24)
        self._server = _Server((_HOST, 0), _Handler)
        self._server.person = self  # type: ignore[attr-defined]  # how handlers find it
        self._answers: queue.Queue[Answer] = queue.Queue()
        self._open: tuple[Question, list[bytes], int, bool] | None = None
        self._lock = threading.Lock()
        self._is_over = False

    def __enter__(self) -> PagePerson:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._is_over = True
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        """Where the page is; whoever knows it can answer."""
        return f"http://{_HOST}:{self._server.server_address[1]}/{self._secret}/"

    def answer(self, question: Question, pictures: Sequence[Image.Image], left: int) -> Answer:
        """Show *pictures* on the page and wait for the answer."""
        shown = [_as_png(picture) for picture in pictures]
        with self._lock:
            self._open = (question, shown, left, max(pictures[0].size) <= _SMALL_EDGE)
        try:
            while True:
                try:
                    return self._answers.get(timeout=0.5)  # in steps, so that Ctrl-C is heard everywhere
                except queue.Empty:
                    continue
        finally:
            with self._lock:
                self._open = None

    def is_secret(self, text: str) -> bool:
        """Say whether *text* is the secret of the address."""
        return hmac.compare_digest(text.encode("utf-8", "replace"), self._secret.encode())

    def page(self) -> str:
        """Render what is to be seen now."""
        with self._lock:
            shown = self._open
        if shown is None:
            return render_waiting("The next pictures are being drawn.", _WAITING_S)
        question, pictures, left, are_small = shown
        is_proof = question.purpose is Purpose.PROOF
        return render_question(question.key, len(pictures), left, is_proof, f"/{self._secret}/", are_small=are_small)

    def picture(self, key: str, place: str) -> bytes | None:
        """Return the PNG at *place* ("1", "2", ...) of the open question, None where *key* is not its."""
        with self._lock:
            shown = self._open
        if shown is None or shown[0].key != key:
            return None
        return dict(zip("1234", shown[1])).get(place)

    def take(self, key: str, text: str) -> None:
        """Take the answer *text* to the question *key*; one that is not open any more is left aside.

        Raises:
            InvalidInputError: it is no answer.
        """
        with self._lock:
            if self._open is None or self._open[0].key != key:
                return
            self._answers.put(answer_named(text, len(self._open[1])))
            self._open = None


class _Server(ThreadingHTTPServer):
    """Says nothing of a browser that went away in the middle: the terminal is for the study."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Leave out what a connection died of; tell a fault of ours as the base class does."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
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
    def _person(self) -> PagePerson:
        person = self.server.person  # type: ignore[attr-defined]
        assert isinstance(person, PagePerson)
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


def _as_png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
