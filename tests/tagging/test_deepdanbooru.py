"""DeepDanbooru of a running WebUI, against a tiny server that answers as one."""

import base64
import io
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image

from counterprompt.errors import GeneratorError, InvalidInputError, MissingModelError
from counterprompt.tagging.deepdanbooru import DeepDanbooruTagger, parse_tags


class _Host:
    """Answers the two routes as AUTOMATIC1111 1.10.1 does."""

    def __init__(self):
        self.caption = "1girl, red hair"
        self.options = {"interrogate_deepbooru_score_threshold": 0.6}
        self.model_names = {"clip", "deepdanbooru"}
        self.status = None
        self.auth = None
        self.location = None
        self.asked = []
        host = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self):
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"null")
                host.asked.append((self.path, body))
                status, value = host.answer(self.path, body, self.headers)
                text = value if isinstance(value, bytes) else json.dumps(value).encode()
                self.send_response(status)
                if host.location:
                    self.send_header("Location", host.location)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = _serve  # noqa: N815

            def log_message(self, *args):
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, path, body, headers):
        if self.auth and headers.get("Authorization") != self.auth:
            return 401, {"detail": "Not authenticated"}
        if path == "/sdapi/v1/options":
            return (200, self.options) if self.options is not None else (404, {"detail": "Not Found"})
        if self.status:
            return self.status, b"broken"
        if path != "/sdapi/v1/interrogate" or body["model"] not in self.model_names:
            return 404, {"detail": "Model not found"}
        return 200, {"caption": self.caption}

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def host():
    """A WebUI that has DeepDanbooru."""
    serving = _Host()
    yield serving
    serving.close()


def _picture(size=(8, 8)):
    return Image.new("RGB", size, (200, 100, 50))


def test_tags_carry_the_hosts_threshold(host):
    """Without ranks the confidence is what the host lets pass, and only what was said counts as known."""
    first, second = DeepDanbooruTagger(host.url + "/").tag([_picture(), _picture()])

    assert [("1girl", 0.6), ("red hair", 0.6)] == [(tag.name, tag.confidence) for tag in first.tags]
    assert {"1girl", "red hair"} == first.vocabulary
    assert first == second


def test_the_picture_arrives(host):
    """The host is sent the picture itself, as PNG, and not larger than it can use."""
    DeepDanbooruTagger(host.url).tag([_picture((2048, 1024))])

    body = host.asked[-1][1]
    sent = Image.open(io.BytesIO(base64.b64decode(body["image"])))
    assert ("PNG", (1024, 512), (200, 100, 50)) == (sent.format, sent.size, sent.getpixel((5, 5)))


@pytest.mark.parametrize(("names", "calls"), [({"deepdanbooru"}, 1), ({"deepbooru"}, 2)])
def test_either_name_of_the_model_is_found(host, names, calls):
    """A host that calls it deepbooru is asked again, once."""
    host.model_names = names
    tagger = DeepDanbooruTagger(host.url)

    tagger.tag([_picture()])
    tagger.tag([_picture()])

    assert calls + 1 == sum(path == "/sdapi/v1/interrogate" for path, _ in host.asked)


def test_no_pictures_ask_nothing(host):
    """An empty list costs no request."""
    assert [] == DeepDanbooruTagger(host.url).tag([])
    assert [] == host.asked


def test_a_given_vocabulary_counts_as_known(host):
    """Who knows the model's tags can say so, and tags not seen are then known to be absent."""
    tagger = DeepDanbooruTagger(host.url, vocabulary=frozenset({"solo"}))

    assert {"solo", "1girl", "red hair"} == tagger.tag([_picture()])[0].vocabulary
    assert {"solo"} == tagger.vocabulary


@pytest.mark.parametrize("options", [None, {}, {"interrogate_deepbooru_score_threshold": "high"}, []])
def test_a_host_that_hides_its_threshold(host, options):
    """Where the host does not tell its threshold the usual one is taken."""
    host.options = options

    assert 0.5 == DeepDanbooruTagger(host.url).tag([_picture()])[0].tags[0].confidence


def test_the_login_is_sent(host):
    """A host with --api-auth is given name and password, and the wrong ones are told apart from other trouble."""
    host.auth = "Basic " + base64.b64encode(b"me:secret").decode()

    assert DeepDanbooruTagger(host.url, "me:secret").tag([_picture()])[0].tags
    with pytest.raises(GeneratorError, match="refused the login"):
        DeepDanbooruTagger(host.url, "me:wrong").tag([_picture()])


@pytest.mark.parametrize(
    ("change", "error", "remark"),
    [
        ({"model_names": set()}, MissingModelError, "has no DeepDanbooru"),
        ({"status": 404}, MissingModelError, "has no DeepDanbooru"),
        ({"status": 500}, GeneratorError, r"failed to tag \(500\)"),
        ({"status": 200}, GeneratorError, r"failed to tag \(200\)"),
        ({"status": 302, "location": "http://127.0.0.1:9/x"}, GeneratorError, r"failed to tag \(302\)"),
    ],
)
def test_trouble_is_named(host, change, error, remark):
    """A host without the model, a fault, an answer that is none, and a redirect, which is not followed."""
    for name, value in change.items():
        setattr(host, name, value)

    with pytest.raises(error, match=remark):
        DeepDanbooruTagger(host.url).tag([_picture()])


def test_a_host_that_is_not_there(host):
    """Where nothing listens the address is named with the remedy."""
    host.close()

    with pytest.raises(GeneratorError, match=r"cannot be reached .* start it with --api"):
        DeepDanbooruTagger(host.url, timeout_s=2).tag([_picture()])


@pytest.mark.parametrize(
    ("url", "auth"), [("file:///etc/passwd", None), ("127.0.0.1:7860", None), ("http://a@b", None), ("http://a", "me")]
)
def test_a_malformed_address_is_refused(url, auth):
    """Only http and https URLs, without a user name in them, and user:password are taken."""
    with pytest.raises(InvalidInputError):
        DeepDanbooruTagger(url, auth)


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("", {}),
        ("1girl, red_hair", {"1girl": 0.5, "red hair": 0.5}),
        (r"miku \(racing\), ^_^, > <", {"miku (racing)": 0.5, "^_^": 0.5, ">_<": 0.5}),
        (r"(1girl:0.987), (miku \(racing\):1.000)", {"1girl": 0.987, "miku (racing)": 1.0}),
        (":d, (o)_(o), (x:y)", {":d": 0.5, "(o)_(o)": 0.5, "(x:y)": 0.5}),
    ],
)
def test_every_spelling_of_the_host_is_read(caption, expected):
    """Underscores or spaces, escapes or none, ranks or none: the tags are the same; faces are put together again."""
    assert expected == {tag.name: tag.confidence for tag in parse_tags(caption, 0.5)}


@pytest.mark.parametrize("url", ["http://127.0.0.1..:7860", "http://127.0.0.1:1/ü", "http://host:99999"])
def test_an_address_that_none_can_have(url):
    """What the network cannot even be asked for is told like a host that is not there."""
    with pytest.raises(GeneratorError, match="cannot be reached"):
        DeepDanbooruTagger(url).tag([_picture()])
