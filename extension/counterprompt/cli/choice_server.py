"""A small page of this machine that asks which picture is best; nobody else can see or answer it."""

from __future__ import annotations

import hmac
import io
import queue
import secrets
import threading
from typing import TYPE_CHECKING

from counterprompt.cli.choice_requests import HOST, PersonHandler, PersonServer
from counterprompt.report.choice_page import render_question, render_waiting
from counterprompt.search.taste.questions import Purpose, answer_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from counterprompt.search.taste.questions import Answer, Question

_SMALL_EDGE = 160
_WAITING_S = 2


class PagePerson:
    """Implements `search.taste.questions.Person` with a page in the browser; use it in a `with` statement.

    It is served on 127.0.0.1 alone, at an address with a secret in it; answers must bring the same secret, come from
    that page and name the question that is open.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_urlsafe(24)
        self._server = PersonServer((HOST, 0), PersonHandler)
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
        return f"http://{HOST}:{self._server.server_address[1]}/{self._secret}/"

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


def _as_png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
