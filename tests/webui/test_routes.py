"""Our routes on a real server with a host's FastAPI: what they say, and what they refuse."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from counterprompt.generation.fake import FakeGenerator
from counterprompt.search.folder import load_plan
from counterprompt.search.guard_limits import GuardLimits
from counterprompt.search.score_weights import ScoreWeights
from counterprompt.settings import Settings
from counterprompt.webui.rest_actions import RestWork
from counterprompt.webui.rest_login import RestLogin, login_of
from counterprompt.webui.studies import StudyDesk
from counterprompt.webui.study_run import StudyWorkplace
from counterprompt.workflow.tuning import ANTI_PROMPT_SEEDS

uvicorn = pytest.importorskip("uvicorn", reason="a WebUI brings the server; CI has environments with it")
fastapi = pytest.importorskip("fastapi", reason="a WebUI brings it; CI has environments with both its majors")

from counterprompt.webui.routes import add_routes  # noqa: E402

DOCS = Path(__file__).parents[2] / "docs" / "rest.md"
INFOTEXT = "a cat\nNegative prompt: ugly\nSteps: 5, Sampler: Euler, CFG scale: 7, Seed: 3, Size: 64x64"
LARGEST = 200_000
BASELINE = {"prompt": "a cat", "negative_prompt": "ugly", "width": 64, "height": 64, "controls": False, "budget": 60}
LAYERS = {"base": ["blurry", "watermark", "low quality"], "structure": ["bad anatomy"]}


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Any
    content: bytes

    @property
    def values(self) -> Any:
        """The JSON in it."""
        return json.loads(self.content)


class Server:
    """A running server with our routes, and how to ask it."""

    def __init__(self, desk: StudyDesk, settings: Settings, login: RestLogin) -> None:
        app = fastapi.FastAPI()
        work = RestWork(lambda: desk, lambda: settings, lambda: 60)
        add_routes(app, lambda: work, login, LARGEST)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.desk = desk
        self._server = uvicorn.Server(uvicorn.Config(app, port=self.port, log_level="error"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)

    @property
    def url(self) -> str:
        """Where our routes are."""
        return f"http://127.0.0.1:{self.port}/counterprompt/v1"

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """Send *body*, bytes as they are and all else as JSON."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}}
        request = urllib.request.Request(self.url + path, data, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return Reply(reply.status, reply.headers, reply.read())
        except urllib.error.HTTPError as error:
            return Reply(error.code, error.headers, error.read())

    def close(self) -> None:
        """Stop it."""
        self._server.should_exit = True
        self._thread.join(10)
        self.desk.close(10)


Open = Callable[..., Server]


@pytest.fixture
def open_server(tmp_path: Path) -> Iterator[Open]:
    """Open servers over the fake generator; they are closed in the end."""
    opened: list[Server] = []

    def open_one(login: RestLogin = RestLogin()) -> Server:  # noqa: B008
        settings = Settings(tmp_path / "data")
        desk = StudyDesk(settings.studies_folder, lambda: StudyWorkplace(FakeGenerator(), settings))
        opened.append(Server(desk, settings, login))
        return opened[-1]

    yield open_one
    for server in opened:
        server.close()


def _picture(infotext: str = INFOTEXT) -> str:
    held, buffer = PngInfo(), io.BytesIO()
    held.add_text("parameters", infotext)
    Image.new("RGB", (64, 64), "white").save(buffer, "PNG", pnginfo=held)
    return base64.b64encode(buffer.getvalue()).decode()


def _wait(server: Server, study: str) -> Any:
    for _ in range(1200):
        status = server.ask("GET", f"/studies/{study}").values
        if status["state"] not in ("waiting", "running"):
            return status
        time.sleep(0.05)
    raise AssertionError(status)


def test_a_picture_is_read(open_server: Open) -> None:
    """Parameters, diff and advice come back, from a file as bare base64, as a data URL, and from an infotext."""
    server = open_server()

    bare = server.ask("POST", "/read", {"picture": _picture(), "block": ["ugly"]})
    as_url = server.ask("POST", "/read", {"picture": f"data:image/png;base64,{_picture()}"})
    as_text = server.ask("POST", "/read", {"infotext": INFOTEXT})

    assert [200, 200, 200] == [bare.status, as_url.status, as_text.status]
    assert {"a cat"} == {each.values["reading"]["prompt"] for each in (bare, as_url, as_text)}
    assert {"reading", "diff", "advice", "remarks"} == set(bare.values)
    assert "a cat" in {entry["tag"] for entry in bare.values["diff"]["tags"]}
    assert bare.values["advice"]["choice"] in ("embedded", "reverse", "merge")


def test_texts_that_no_encoding_takes_come_back(open_server: Open) -> None:
    """Halves of characters and control characters in an infotext end as JSON, not as an error of the server."""
    odd = "a \ud83d cat \x00\x1b</script>"

    reply = open_server().ask("POST", "/read", {"infotext": f"{odd}\nSteps: 5, Sampler: Euler, CFG scale: 7"})

    assert 200 == reply.status
    assert reply.values["reading"]["prompt"].startswith("a \ud83d cat")


def test_a_study_is_run_and_kept(open_server: Open) -> None:
    """Start, watch, result, report, pictures and recipe: the whole way."""
    server = open_server()

    started = server.ask("POST", "/studies", {**BASELINE, "name": "Cat", "budget": 160, "layers": LAYERS})
    study = started.values["id"]
    done = _wait(server, study)
    result = server.ask("GET", f"/studies/{study}/result").values
    saved = server.ask("POST", "/recipes", {"study": study, "name": "Cat / red"})
    shown = server.ask("GET", "/recipes/cat%20%2F%20red").values
    again = server.ask("POST", "/recipes", {"recipe": shown["recipe"], "name": "Copy"})
    twice = server.ask("POST", "/recipes", {"study": study, "name": "cat / RED"})

    assert (201, "Cat") == (started.status, started.values["name"])
    assert ("done", "gain") == (done["state"], done["verdict"])
    assert (study, f"/counterprompt/v1/studies/{study}/report") == (result["study"], result["report"])
    assert BASELINE["negative_prompt"] == result["baseline"]["negative_prompt"]
    assert str(server.desk.folder(study).parent) not in json.dumps([started.values, done, result])
    for path, kind in (("report", "text/html; charset=utf-8"), ("best", "image/png"), ("baseline", "image/png")):
        reply = server.ask("GET", f"/studies/{study}/{path}")
        assert (200, kind) == (reply.status, reply.headers["content-type"])
        assert "sandbox" in reply.headers["content-security-policy"]
    assert (201, 201, 409) == (saved.status, again.status, twice.status)
    assert result["winner"]["negative_prompt"] == shown["negative_prompt"]
    assert ["Cat / red", "Copy"] == [each["name"] for each in server.ask("GET", "/recipes").values["recipes"]]
    assert {"deleted": "Copy"} == server.ask("DELETE", "/recipes/Copy").values
    assert 404 == server.ask("DELETE", "/recipes/Copy").status
    assert 409 == server.ask("POST", f"/studies/{study}/stop", {}).status


def test_a_study_is_what_its_order_chose(open_server: Open) -> None:
    """What job files can say reaches the plan through the order's file, and the study with all of it ends."""
    chosen = {
        "preset": "quick",
        "minutes": 30,
        "stop_early": False,
        "weights": {"artifacts": 1},
        "guards": {"noise": 0.2},
        "look_again": True,
        "anti_prompt": True,
        "schedules": True,
    }
    server = open_server()

    body = {name: value for name, value in BASELINE.items() if name != "budget"}
    study = server.ask("POST", "/studies", {**body, "layers": LAYERS, **chosen}).values["id"]
    done = _wait(server, study)
    plan = load_plan(server.desk.folder(study))

    assert ("done", 120) == (done["state"], done["budget"]), done["message"]
    assert (120, 30.0, False) == (plan.picture_budget, plan.minutes, plan.stops_early)
    assert (ScoreWeights(artifacts=1.0), GuardLimits(noise=0.2)) == (plan.score_weights, plan.guard_limits)
    assert (True, True, ANTI_PROMPT_SEEDS) == (plan.looks_again, plan.tries_schedules, plan.anti_prompt_seeds)
    assert "yes" == dict(plan.notes)["evidence"]


def test_a_study_is_proven_again(open_server: Open) -> None:
    """What its few seeds could not tell is proven on as many as are asked for; a number that is none is refused."""
    server = open_server()
    few = {**BASELINE, "layers": LAYERS, "held_out": 3, "search_seed": 1}
    study = server.ask("POST", "/studies", few).values["id"]
    _wait(server, study)
    first = server.ask("GET", f"/studies/{study}/result").values

    refused = server.ask("POST", f"/studies/{study}/prove", {"seeds": 1})
    server.ask("POST", f"/studies/{study}/prove", {"seeds": 30})
    _wait(server, study)
    second = server.ask("GET", f"/studies/{study}/result").values

    assert 422 == refused.status
    assert ("no gain", 3) == (first["verdict"], first["held_out"]["seeds"])
    assert ("gain", 30) == (second["verdict"], second["held_out"]["seeds"])
    assert 3 == second["first_proof"]["seeds"]
    assert 422 == server.ask("POST", f"/studies/{study}/prove", {}).status


def test_a_report_that_was_cleared_away_is_made_again(open_server: Open) -> None:
    """The page is rendered from the study's record where its file is gone, instead of breaking the answer off."""
    server = open_server()
    study = server.ask("POST", "/studies", {**BASELINE, "layers": LAYERS}).values["id"]
    _wait(server, study)
    (server.desk.folder(study) / "report.html").unlink()

    reply = server.ask("GET", f"/studies/{study}/report")

    assert 200 == reply.status
    assert b"<!doctype html>" == reply.content[:15].lower()


def test_a_dropped_picture_is_tuned(open_server: Open) -> None:
    """A study of a picture alone takes the picture's own settings."""
    server = open_server()

    study = server.ask("POST", "/studies", {"picture": _picture(), "budget": 40, "controls": False}).values["id"]

    assert "done" == _wait(server, study)["state"]
    baseline = server.ask("GET", f"/studies/{study}/result").values["baseline"]
    assert ("a cat", "ugly", 7.0) == (baseline["prompt"], baseline["negative_prompt"], baseline["cfg_scale"])


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/read", {}, 422, "Give either a picture"),
        ("/read", {"picture": "x", "infotext": "y"}, 422, "base64"),
        ("/read", {"picture": "/etc/passwd"}, 422, "base64"),
        ("/read", {"picture": "http://127.0.0.1/x.png"}, 422, "no path and no URL"),
        ("/read", {"picture": "file:///etc/passwd"}, 422, "no path and no URL"),
        ("/read", {"picture": ""}, 422, "picture is empty"),
        ("/read", {"picture": {"path": "/etc/passwd"}}, 422, "picture is"),
        ("/read", {"picture": base64.b64encode(b"no picture").decode()}, 422, "picture"),
        ("/read", {"picture": base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\xff" * 64).decode()}, 422, "picture"),
        ("/read", {"infotext": 7}, 422, "infotext is 7"),
        ("/read", {"infotext": "a", "goal": "steal"}, 422, "no goal 'steal'"),
        ("/read", {"infotext": "a", "block": "cat"}, 422, 'block is "cat"'),
        ("/read", {"infotext": "a", "block": ["a"] * 201}, 422, "block is too long"),
        ("/read", {"infotext": "a", "block": [1]}, 422, "block is [1]"),
        ("/read", {"infotext": "a", "pciture": "b"}, 422, "no field 'pciture'"),
        ("/read", [1], 422, "JSON list"),
        ("/read", b"{", 422, "no JSON"),
        ("/read", b"\xff\xfe", 422, "no JSON"),
        ("/read", b'{"infotext": NaN}', 422, "NaN"),
        ("/read", b"[" * 50_000, 422, "no JSON"),
        ("/read", b'{"infotext": ' + b"9" * 5000 + b"}", 422, "5000 digits"),
        ("/read", b'{"infotext": "' + b"a" * LARGEST + b'"}', 413, "at most 200000"),
        ("/studies", {}, 422, "nothing to tune"),
        ("/studies", {"prompt": ""}, 422, "prompt is empty"),
        ("/studies", {**BASELINE, "budget": 1}, 422, "budget is 1; give a whole number from 40 to 5000"),
        ("/studies", {**BASELINE, "budget": True}, 422, "budget is True"),
        ("/studies", {**BASELINE, "budget": 1e9}, 422, "budget is 1000000000.0"),
        ("/studies", {**BASELINE, "width": 100_000}, 422, "width is 100000"),
        ("/studies", {**BASELINE, "width": 64, "height": None}, 422, "Only one of width and height"),
        ("/studies", {**BASELINE, "steps": 10**9}, 422, "steps is"),
        ("/studies", {**BASELINE, "cfg_scale": -1}, 422, "cfg_scale is -1"),
        ("/studies", {**BASELINE, "cfg_range": [9, 5]}, 422, "lower end first"),
        ("/studies", {**BASELINE, "cfg_range": 7}, 422, "[lowest, highest]"),
        ("/studies", {**BASELINE, "lora_ranges": {"x": [0, 99]}}, 422, "lora_ranges.x is 99"),
        ("/studies", {**BASELINE, "layers": {"base": "blurry"}}, 422, "layers.base is"),
        ("/studies", {**BASELINE, "layers": {"base": ["a"] * 61}}, 422, "more than 60 terms"),
        ("/studies", {**BASELINE, "storage": "sqlite:////etc/x"}, 422, "no field 'storage'"),
        ("/studies", {**BASELINE, "folder": "/tmp"}, 422, "no field 'folder'"),
        ("/studies", {**BASELINE, "prompt": "a" * 20_001}, 422, "20001 characters"),
        ("/studies", {"picture": _picture(), "seed": 3}, 422, "seed goes with a prompt"),
        ("/studies/nobody/pause", {}, 404, "no study 'nobody'"),
        ("/studies/..%2F..%2Fetc/stop", {}, 404, ""),
        ("/studies", {"picture": base64.b64encode(b"no picture").decode()}, 422, "the picture is not a picture"),
        ("/studies", {"picture": _picture()[:100], **BASELINE}, 422, "the picture is"),
        ("/studies", {**BASELINE, "scheduler": "\ud800"}, 422, r"'scheduler' holds half a character, '\ud800'"),
        ("/studies", {**BASELINE, "layers": {"\udc00": ["a"]}}, 422, "'layers' holds half a character"),
        ("/recipes", {"recipe": {"name": "\ud800"}}, 422, "'recipe' holds half a character"),
        ("/recipes", {}, 422, "Give either a study"),
        ("/recipes", {"study": "../../x"}, 404, "no study"),
        ("/recipes", {"recipe": {"format": 1}}, 422, ""),
        ("/recipes", {"recipe": "a.json"}, 422, "recipe is"),
    ],
)
def test_what_is_no_good_is_refused_by_name(open_server: Open, path: str, body: Any, status: int, said: str) -> None:
    """Each bad body brings the right status and a sentence that names what was wrong; no study begins."""
    server = open_server()

    reply = server.ask("POST", path, body)

    assert status == reply.status, reply.content
    assert said in reply.values["detail"]
    assert () == server.desk.studies()


@pytest.mark.parametrize(
    "path",
    [
        "/studies/nobody",
        "/studies/nobody/result",
        "/studies/..%2F..%2F..%2Fetc%2Fpasswd/report",
        "/studies/nobody/best",
        "/recipes/..%2F..%2Fsettings",
        "/recipes/../../settings.json",
        "/recipes/%00",
    ],
)
def test_what_is_not_there_is_not_found(open_server: Open, path: str) -> None:
    """Unknown names, among them paths in disguise, are 404."""
    assert 404 == open_server().ask("GET", path).status


def test_a_body_without_its_length_is_cut_off(open_server: Open) -> None:
    """A body in chunks, whose length nobody says, is refused once it grows too large."""
    server = open_server()
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
        head = "POST /counterprompt/v1/read HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        client.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        chunk = b"a" * 50_000
        for _ in range(5):
            client.sendall(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        answer = client.recv(4096)

    assert answer.startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_form_of_a_strangers_page_is_refused(open_server: Open, kind: str) -> None:
    """What a browser would send without asking us first is not taken, and nothing that acts answers to GET."""
    server = open_server()

    assert 415 == server.ask("POST", "/studies", BASELINE, Content_Type=kind).status
    assert 405 == server.ask("GET", "/studies/x/stop").status
    assert () == server.desk.studies()


def _basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("", 401),
        (_basic("user:wrong"), 401),
        (_basic("user:"), 401),
        (_basic(":"), 401),
        (_basic("nobody"), 401),
        ("Basic %%%", 401),
        ("Bearer user:pass:word", 401),
        (_basic("user:pass:word"), 200),
        (_basic("ünser:pässword"), 200),
    ],
)
@pytest.mark.parametrize(("method", "path"), [("GET", "/studies"), ("POST", "/read"), ("DELETE", "/recipes/x")])
def test_every_route_wants_the_login_of_api_auth(
    open_server: Open, header: str, status: int, method: str, path: str
) -> None:
    """With --api-auth nothing is answered without one of its logins, in whatever script it is written."""
    server = open_server(login_of(SimpleNamespace(api_auth="user:pass:word,ünser:pässword", gradio_auth="a:b")))
    expected = {("GET", 200): 200, ("POST", 200): 200, ("DELETE", 200): 404}.get((method, status), status)

    reply = server.ask(method, path, {"infotext": "a cat"} if method == "POST" else None, Authorization=header)

    assert expected == reply.status
    assert (status == 401) == ("WWW-Authenticate" in reply.headers)


@pytest.mark.parametrize("options", [{"gradio_auth": "a:b"}, {"gradio_auth_path": "/x"}])
def test_a_page_with_a_login_and_an_api_without_is_closed(open_server: Open, options: dict[str, str]) -> None:
    """With --gradio-auth alone nobody gets in, and is told why."""
    reply = open_server(login_of(SimpleNamespace(**options))).ask("GET", "/studies", Authorization=_basic("a:b"))

    assert 403 == reply.status
    assert "--api-auth" in reply.values["detail"]


def test_a_fault_of_ours_tells_a_stranger_nothing(open_server: Open, tmp_path: Path) -> None:
    """An unforeseen error is one plain sentence, without a path or a trace, and the server goes on."""
    server = open_server()

    def broken(study_id: str) -> Any:
        raise RuntimeError(f"secret {tmp_path}")

    server.desk.status = broken  # type: ignore[method-assign]
    reply = server.ask("GET", "/studies/x")

    assert (500, "InternalError") == (reply.status, reply.values["error"])
    assert b"secret" not in reply.content
    assert 200 == server.ask("GET", "/studies").status


@pytest.mark.skipif(shutil.which("curl") is None, reason="the examples are curl's")
def test_the_examples_of_the_page_work(open_server: Open, tmp_path: Path) -> None:
    """Every example of docs/rest.md, run as it stands but for the address, does what the page says."""
    server = open_server(login_of(SimpleNamespace(api_auth="user:password")))
    (tmp_path / "picture.png").write_bytes(base64.b64decode(_picture()))
    examples = "\n".join(re.findall(r"^```sh\n(.*?)^```", DOCS.read_text("utf-8"), re.MULTILINE | re.DOTALL))
    script = "set -e\n" + examples.replace("http://127.0.0.1:7860/counterprompt/v1", server.url)

    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=300)

    assert (0, "") == (done.returncode, done.stderr), done.stdout
    assert "<html" in (tmp_path / "report.html").read_text("utf-8")
    assert (tmp_path / "best.png").read_bytes().startswith(b"\x89PNG")
    assert '"deleted": "Red circle"' in done.stdout
