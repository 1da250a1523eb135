"""The page on this machine that asks which picture is best."""

from __future__ import annotations

import http.client
import socket
import struct
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from PIL import Image

pytest.importorskip("typer")

from counterprompt.cli.choice_server import PagePerson
from counterprompt.search.taste.questions import Answer, Option, Purpose, Question, Word

QUESTION = Question(Purpose.SEARCH, 1, tuple(Option(f"{name}.png", (), 0.0) for name in "abcd"))
PICTURES = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue", "white")]


class Asked:
    """A page with an open question, and a browser."""

    def __init__(self, person: PagePerson) -> None:
        self.person = person
        self.answers: list[Answer] = []
        self.thread = threading.Thread(
            target=lambda: self.answers.append(person.answer(QUESTION, PICTURES, 2)), daemon=True
        )
        self.thread.start()
        while QUESTION.key not in self.ask("GET", "").text:
            pass

    def ask(self, method: str, path: str, body: str = "", **headers: str):
        """Send a request to *path* below the secret address."""
        address = urlsplit(self.person.address)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=5)
        where = path if path.startswith("/") else address.path + path
        connection.request(
            method, where, body or None, {name.replace("_", "-"): text for name, text in headers.items()}
        )
        response = connection.getresponse()
        response.content = response.read()
        response.text = response.content.decode("latin-1")
        connection.close()
        return response


@pytest.fixture
def asked() -> Iterator[Asked]:
    """An open question."""
    with PagePerson() as person:
        yield Asked(person)


def test_an_answer_comes_from_the_page(asked: Asked):
    """The page shows four pictures; a click on the third is the answer, and the browser goes back to the page."""
    third = asked.ask("GET", f"picture/{QUESTION.key}/3")
    posted = asked.ask("POST", "answer", f"key={QUESTION.key}&answer=3")
    asked.thread.join(5)

    assert ("image/png", b"\x89PNG") == (third.headers["Content-Type"], third.content[:4])
    assert (303, urlsplit(asked.person.address).path) == (posted.status, posted.headers["Location"])
    assert [Answer(Word.PICKED, 2)] == asked.answers
    assert "being drawn" in asked.ask("GET", "").text


def test_a_late_answer_is_left_aside(asked: Asked):
    """Two clicks on one question, or one on an old one, count once."""
    asked.ask("POST", "answer", "key=000000000000&answer=1")
    asked.ask("POST", "answer", f"key={QUESTION.key}&answer=none")
    asked.ask("POST", "answer", f"key={QUESTION.key}&answer=2")
    asked.thread.join(5)

    assert [Answer(Word.NONE)] == asked.answers
    assert asked.person._answers.empty()


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", "/", "", {}, 404),
        ("GET", "/wrong/", "", {}, 404),
        ("GET", "/%C3%BC/", "", {}, 404),
        ("GET", "", "", {"Host": "evil.example"}, 404),
        ("GET", "picture/abc/1", "", {}, 404),
        ("GET", f"picture/{QUESTION.key}/5", "", {}, 404),
        ("GET", f"picture/{QUESTION.key}/..", "", {}, 404),
        ("GET", "../../etc/passwd", "", {}, 404),
        ("POST", "/wrong/answer", f"key={QUESTION.key}&answer=1", {}, 403),
        ("POST", "answer", f"key={QUESTION.key}&answer=1", {"Origin": "http://evil.example"}, 403),
        ("POST", "answer", f"key={QUESTION.key}&answer=1", {"Host": "evil.example"}, 403),
        ("POST", "answer", "x" * 5000, {}, 413),
        ("POST", "answer", f"key={QUESTION.key}&answer=9", {}, 400),
        ("PUT", "answer", "1", {}, 501),
    ],
)
def test_everything_else_is_refused(asked: Asked, method: str, path: str, body: str, headers: dict, status: int):
    """No secret, another host or origin, another path, too much, or no answer: refused, and the question stays open."""
    assert status == asked.ask(method, path, body, **headers).status
    assert [] == asked.answers
    assert QUESTION.key in asked.ask("GET", "").text


def test_it_listens_on_this_machine_alone(asked: Asked):
    """The address is the loopback's, and its secret is long and new each time."""
    with PagePerson() as other:
        secrets = {urlsplit(person.address).path for person in (asked.person, other)}

    assert "127.0.0.1" == urlsplit(asked.person.address).hostname
    assert (2, True) == (len(secrets), all(len(each) > 30 for each in secrets))


def test_a_browser_that_goes_away_says_nothing_in_the_terminal(asked: Asked, capfd: pytest.CaptureFixture[str]):
    """A connection that is torn down in the middle of a request leaves no traceback, and the page goes on."""
    address = urlsplit(asked.person.address)
    for _ in range(3):
        connection = socket.create_connection((address.hostname, address.port))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(b"GET / HT")
        time.sleep(0.1)
        connection.close()  # with a reset, as a closed tab does
    time.sleep(0.3)

    assert 200 == asked.ask("GET", "").status
    assert "" == capfd.readouterr().err


def test_a_place_with_zeros_in_front_is_no_picture(asked: Asked, capfd: pytest.CaptureFixture[str]):
    """Places are 1 to 4 as the page writes them; too many fields in an answer are refused too."""
    assert 404 == asked.ask("GET", f"picture/{QUESTION.key}/0011").status
    assert 400 == asked.ask("POST", "answer", "&".join(f"k{number}=1" for number in range(20))).status
    assert "" == capfd.readouterr().err
