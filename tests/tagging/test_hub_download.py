"""Downloads from a stand-in for the hub: whole, broken off, stopped, refused, wrong."""

import hashlib
import importlib.util
from pathlib import Path

import pytest

from counterprompt.errors import MissingModelError, StoppedError
from counterprompt.tagging.hub_answers import HubRefusalError, HubSilenceError, HubSource
from counterprompt.tagging.hub_download import ATTEMPTS, DownloadHooks, NoSpaceError, WrongFileError, fetch_file
from counterprompt.tagging.known_taggers import HubFile

spec = importlib.util.spec_from_file_location("hub_stand_in", Path(__file__).with_name("hub_stand_in.py"))
hub_stand_in = importlib.util.module_from_spec(spec)
spec.loader.exec_module(hub_stand_in)

MODEL = b"\x08\x07" + bytes(range(256)) * 4000  # begins as an ONNX file does; four pieces long
LABELS = b"tag_id,name,category,count\n1,smile,0,5\n"
WANTED = HubFile("model.onnx")
PINNED = HubFile("model.onnx", len(MODEL), hashlib.sha256(MODEL).hexdigest())


@pytest.fixture
def hub():
    """A hub with one repository."""
    stand_in = hub_stand_in.HubStandIn()
    stand_in.large["model.onnx"] = MODEL
    stand_in.small["selected_tags.csv"] = LABELS
    yield stand_in
    stand_in.close()


@pytest.fixture
def source(hub):
    """The repository at its head."""
    return HubSource(hub.url, hub.repo_id, "main")


def _hooks(**changes):
    return DownloadHooks(**{"pause": lambda _seconds: None, **changes})


def _parts(folder):
    return sorted(path.name for path in folder.glob("*.part"))


@pytest.mark.parametrize("wanted", [WANTED, PINNED], ids=["unknown here", "pinned"])
def test_large_file_comes_from_the_store(hub, source, tmp_path, wanted):
    """The redirect is followed, the hub's headers are read off it, and nothing but the file is left."""
    remote = fetch_file(source, wanted, tmp_path / "model.onnx", _hooks())

    assert MODEL == (tmp_path / "model.onnx").read_bytes()
    assert (hashlib.sha256(MODEL).hexdigest(), len(MODEL), hub_stand_in.COMMIT) == (
        remote.etag,
        remote.size,
        remote.commit,
    )
    assert ["model.onnx"] == [path.name for path in tmp_path.iterdir()]


def test_small_file_is_checked_by_its_git_hash(hub, source, tmp_path):
    """A file in git redirects within the hub; its ETag is the git blob hash, which a changed file does not have."""
    remote = fetch_file(source, HubFile("selected_tags.csv"), tmp_path / "selected_tags.csv", _hooks())

    assert hub_stand_in.git_hash(LABELS) == remote.etag
    assert LABELS == (tmp_path / "selected_tags.csv").read_bytes()


def test_progress_counts_to_the_size(source, tmp_path):
    """After each piece the bytes so far and the size are told."""
    heard = []

    fetch_file(source, WANTED, tmp_path / "model.onnx", _hooks(advanced=lambda *counts: heard.append(counts)))

    assert sorted(heard) == heard
    assert (len(MODEL), len(MODEL)) == heard[-1]
    assert len(heard) > 2


def test_broken_connection_is_gone_on_with(hub, source, tmp_path):
    """A connection that breaks half way is opened again where it broke, in the same call."""
    hub.breaks = [len(MODEL) // 2, 100_000]

    fetch_file(source, PINNED, tmp_path / "model.onnx", _hooks())

    asked = [headers.get("Range") for headers in hub.headers_of("GET", "/store/")]
    assert [None, f"bytes={len(MODEL) // 2}-", f"bytes={len(MODEL) // 2 + 100_000}-"] == asked
    assert MODEL == (tmp_path / "model.onnx").read_bytes()


def test_next_call_goes_on_where_the_last_ended(hub, source, tmp_path):
    """What came before the network went away is not fetched again."""
    hub.breaks = [300_000, *[0] * ATTEMPTS]
    with pytest.raises(HubSilenceError, match=r"no way to 127\.0\.0\.1"):
        fetch_file(source, PINNED, tmp_path / "model.onnx", _hooks())
    assert 300_000 == next(tmp_path.glob("*.part")).stat().st_size
    assert not (tmp_path / "model.onnx").exists()
    hub.asked.clear()

    fetch_file(source, PINNED, tmp_path / "model.onnx", _hooks())

    assert ["bytes=300000-"] == [headers.get("Range") for headers in hub.headers_of("GET", "/store/")]
    assert MODEL == (tmp_path / "model.onnx").read_bytes()


def test_mirror_without_ranges_starts_again(hub, source, tmp_path):
    """A server that ignores the range sends everything, and everything is taken anew."""
    hub.breaks, hub.ignores_ranges = [500_000], True

    fetch_file(source, PINNED, tmp_path / "model.onnx", _hooks())

    assert MODEL == (tmp_path / "model.onnx").read_bytes()


def test_part_of_another_file_is_left_alone(hub, source, tmp_path):
    """Where the repository's file changed between two calls, the old part is not the beginning of the new file."""
    hub.breaks = [300_000, *[0] * ATTEMPTS]
    with pytest.raises(HubSilenceError):
        fetch_file(source, WANTED, tmp_path / "model.onnx", _hooks())
    hub.large["model.onnx"] = newer = MODEL[::-1][:-2].replace(b"\xff", b"\x08\x07", 1)

    fetch_file(source, WANTED, tmp_path / "model.onnx", _hooks())

    assert newer == (tmp_path / "model.onnx").read_bytes()


def test_stop_keeps_what_came(hub, source, tmp_path):
    """A download that is stopped says so and keeps its part."""
    answers = iter([False, False, True])

    with pytest.raises(StoppedError, match="goes on with it"):
        fetch_file(source, WANTED, tmp_path / "model.onnx", _hooks(is_stop_requested=lambda: next(answers)))

    assert 0 < next(tmp_path.glob("*.part")).stat().st_size < len(MODEL)


def test_full_disk_is_told_before_a_byte_comes(hub, source, tmp_path):
    """Without room for the file and some to spare nothing is fetched; the sentence names both sizes."""
    with pytest.raises(NoSpaceError, match=r"needs 68 MB, but the disk .* has 60 MB left; free some space"):
        fetch_file(source, WANTED, tmp_path / "model.onnx", _hooks(free_bytes=lambda _folder: 60_000_000))

    assert [] == hub.headers_of("GET", "/")


def test_disk_that_fills_up_is_told(source, tmp_path):
    """A failed write is no lost network: the sentence names the file and the remedy."""
    target = tmp_path / "model.onnx"
    target.mkdir()  # nothing can be renamed onto a folder

    with pytest.raises(NoSpaceError, match=r"model\.onnx cannot be written .*free some disk space"):
        fetch_file(source, WANTED, target, _hooks())


@pytest.mark.parametrize(
    ("served", "fault"),
    [
        (MODEL[:-1] + b"!", "with another hash than"),
        (b"<!doctype html><title>Sign in</title>".ljust(len(MODEL)), "a web page"),
        (b"version https://git-lfs.github.com/spec/v1\n".ljust(len(MODEL)), "the pointer of Git LFS"),
        (b"PK\x03\x04".ljust(len(MODEL)), "no ONNX model"),
    ],
)
def test_wrong_content_is_removed(hub, source, tmp_path, served, fault):
    """What is not the announced file is named, removed and never put in place."""
    hub.served = served

    with pytest.raises(WrongFileError, match=fault):
        fetch_file(source, WANTED, tmp_path / "model.onnx", _hooks())

    assert [] == list(tmp_path.iterdir())


def test_another_file_than_the_pinned_one_is_refused_at_once(hub, source, tmp_path):
    """A hub that announces another hash than the one known here is not even asked for the content."""
    hub.large["model.onnx"] = MODEL + b"!"

    with pytest.raises(WrongFileError, match=r"offers another model\.onnx"):
        fetch_file(source, PINNED, tmp_path / "model.onnx", _hooks())

    assert [] == hub.headers_of("GET", "/store/")


def test_silent_hub_is_checked_against_the_pin(hub, source, tmp_path):
    """A mirror that names no hash passes with the right content and fails with the wrong one."""
    hub.says_hashes = False
    fetch_file(source, PINNED, tmp_path / "model.onnx", _hooks())
    (tmp_path / "model.onnx").unlink()
    hub.served = MODEL[:-1] + b"!"

    with pytest.raises(WrongFileError, match="another hash"):
        fetch_file(source, PINNED, tmp_path / "model.onnx", _hooks())


@pytest.mark.parametrize(
    ("changes", "revision", "name", "sentence"),
    [
        ({}, "v9", "model.onnx", 'has no revision "v9"'),
        ({}, "main", "other.onnx", r"has no file other\.onnx in revision main"),
        ({"is_gated": True}, "main", "model.onnx", r"is gated; accept its terms at http.* and set HF_TOKEN"),
        (
            {"repo_id": "maker/moved"},
            "main",
            "model.onnx",
            r"does not give .*\(status 401\): there is no such repository",
        ),
        ({"status": 404}, "main", "model.onnx", r"\(status 404\).*check HF_ENDPOINT"),
    ],
    ids=["revision", "file", "gated", "repository", "mirror"],
)
def test_refusals_are_told_apart(hub, source, tmp_path, changes, revision, name, sentence):
    """Each refusal of the hub becomes one sentence with its own remedy."""
    for attribute, setting in changes.items():
        setattr(hub, attribute, setting)
    asked = HubSource(source.endpoint, source.repo_id, revision)

    with pytest.raises(HubRefusalError, match=sentence) as caught:
        fetch_file(asked, HubFile(name), tmp_path / name, _hooks())

    assert "--tagger" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("status", [429, 503])
def test_busy_hub_is_worth_another_try(hub, source, tmp_path, status):
    """An overloaded hub is silence, not refusal."""
    hub.status = status

    with pytest.raises(HubSilenceError, match=f"answered {status} .* try again later"):
        fetch_file(source, WANTED, tmp_path / "model.onnx", _hooks())


@pytest.mark.parametrize(
    ("endpoint", "sentence"),
    [
        ("http://127.0.0.1:9", r"no way to 127\.0\.0\.1:9 \(.*\); connect to the network, set HF_ENDPOINT"),
        ("http://hub.invalid", r"no way to hub\.invalid"),
        ("ftp://hub.invalid", "no http address"),
        ("hub.invalid", "no http address"),
    ],
)
def test_no_network_is_one_sentence(tmp_path, endpoint, sentence):
    """A hub that cannot be reached is named with the ways out, at once."""
    with pytest.raises(MissingModelError, match=sentence):
        fetch_file(HubSource(endpoint, "maker/tagger", "main"), WANTED, tmp_path / "model.onnx", _hooks())


def test_token_stays_with_the_hub(hub, tmp_path):
    """The token goes to the endpoint alone and never along a redirect to the store."""
    source = HubSource(hub.url, hub.repo_id, "main", token="secret")

    fetch_file(source, WANTED, tmp_path / "model.onnx", _hooks())

    assert {"Bearer secret"} == {
        headers.get("Authorization") for verb in ("HEAD", "GET") for headers in hub.headers_of(verb, "/maker")
    }
    assert [None] == [headers.get("Authorization") for headers in hub.headers_of("GET", "/store")]


def test_size_may_be_unknown(hub, source, tmp_path):
    """Where the hub says no size, the file ends where the answer does, and an earlier call's part is of no use."""
    hub.says_sizes, hub.breaks = False, [300_000, *[0] * ATTEMPTS]
    with pytest.raises(HubSilenceError, match="broke off"):
        fetch_file(source, WANTED, tmp_path / "model.onnx", _hooks())
    hub.asked.clear()
    hub.breaks = [200_000]

    fetch_file(source, WANTED, tmp_path / "model.onnx", _hooks())

    assert [None, "bytes=200000-"] == [headers.get("Range") for headers in hub.headers_of("GET", "/store/")]
    assert MODEL == (tmp_path / "model.onnx").read_bytes()
