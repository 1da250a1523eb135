"""From a tagger's name to its files: local, found elsewhere, downloaded."""

import importlib.util
import json
import os
import shutil
import threading
from pathlib import Path

import pytest

from counterprompt.errors import InvalidInputError, MissingModelError, StoppedError
from counterprompt.tagging.hub_download import DownloadHooks, NoSpaceError
from counterprompt.tagging.hub_source import HubRefusalError
from counterprompt.tagging.known_taggers import tagger_named
from counterprompt.tagging.tagger_download import SOURCE_NAME
from counterprompt.tagging.tagger_places import Place
from counterprompt.tagging.tagger_store import TaggerStore
from counterprompt.tagging.wd import WdTagger

spec = importlib.util.spec_from_file_location("hub_stand_in", Path(__file__).with_name("hub_stand_in.py"))
hub_stand_in = importlib.util.module_from_spec(spec)
spec.loader.exec_module(hub_stand_in)

NAME = "maker/wd-test-tagger"


class Counter:
    """Hears progress; stops when told to."""

    def __init__(self, stops=False):
        self.heard = []
        self.stops = stops

    def advance(self, stage, done, total, note=""):
        """Remember it."""
        self.heard.append((stage, done, total, note))

    def is_stop_requested(self):
        """As told."""
        return self.stops and len(self.heard) > 0


@pytest.fixture
def hub(tagger_folder):
    """A hub that has the colour tagger."""
    stand_in = hub_stand_in.HubStandIn()
    stand_in.large["model.onnx"] = (tagger_folder / "model.onnx").read_bytes()
    stand_in.small["selected_tags.csv"] = (tagger_folder / "selected_tags.csv").read_bytes()
    yield stand_in
    stand_in.close()


@pytest.fixture
def data(tmp_path):
    """The store's own folder."""
    return tmp_path / "data" / "taggers"


def _store(data, hub=None, places=(), **changes):
    endpoint = hub.url if hub else "http://127.0.0.1:9"
    return TaggerStore(data, places, endpoint=endpoint, hooks=DownloadHooks(pause=lambda _seconds: None), **changes)


def test_download_gives_a_working_tagger(hub, data):
    """Both files come, their source is noted, and the tagger is open to be used by its path or name."""
    progress = Counter()
    store = _store(data, hub)

    files = store.resolve(NAME, progress)

    assert data / "maker--wd-test-tagger" == files.path
    assert "blue theme" in WdTagger(files.path).vocabulary
    assert ("download MB", 1, 1, "maker--wd-test-tagger") == (*progress.heard[-1][:1], 1, *progress.heard[-1][2:])
    note = json.loads((files.path / SOURCE_NAME).read_text())
    assert (hub.url, NAME, "main") == (note["endpoint"], note["repo_id"], note["revision"])
    assert [hub_stand_in.COMMIT] * 2 == [file["commit"] for file in note["files"]]
    assert {"model.onnx", "selected_tags.csv", SOURCE_NAME} == {
        path.name for path in files.path.iterdir() if not path.name.startswith(".")
    }


def test_what_an_unknown_repository_says_of_its_pictures_comes_too(hub, data):
    """Without its preprocess.json a tagger of another contract would be fed as WD taggers are."""
    stages = [{"type": "resize", "size": 16}, {"type": "to_tensor"}]
    hub.small["preprocess.json"] = json.dumps({"stages": stages}).encode()
    hub.small["thresholds.csv"] = b"category,name,threshold\n0,general,0.3\n"

    files = _store(data, hub).resolve(NAME)

    assert {"stages": stages} == json.loads((files.path / "preprocess.json").read_text())
    assert hub.small["thresholds.csv"] == (files.path / "thresholds.csv").read_bytes()
    assert 4 == len(json.loads((files.path / SOURCE_NAME).read_text())["files"])


def test_nothing_is_fetched_twice(hub, data):
    """What is there is taken without a word to the hub."""
    store = _store(data, hub)
    store.resolve(NAME)
    hub.asked.clear()

    store.resolve(NAME)
    store.fetch(tagger_named(NAME))

    assert [] == hub.asked


def test_what_another_program_has_is_used(hub, data, tagger_folder, tmp_path):
    """Found, not downloaded: the first place that has it is taken, and its owner is told."""
    for place in ("empty", "comfy", "kohya"):
        (tmp_path / place).mkdir()
    shutil.copy(tagger_folder / "model.onnx", tmp_path / "comfy" / "wd-test-tagger.onnx")
    shutil.copy(tagger_folder / "selected_tags.csv", tmp_path / "comfy" / "wd-test-tagger.csv")
    shutil.copytree(tagger_folder, tmp_path / "kohya" / "maker_wd-test-tagger")
    store = _store(data, hub, [Place(name, tmp_path / name) for name in ("empty", "comfy", "kohya")])

    assert tmp_path / "comfy" / "wd-test-tagger.onnx" == store.resolve(NAME).path
    assert "comfy" == store.find(tagger_named(NAME)).owner
    assert [] == hub.asked


def test_fetch_downloads_what_others_have(hub, data, tagger_folder, tmp_path):
    """Who asks for a copy of their own gets one."""
    shutil.copytree(tagger_folder, tmp_path / "kohya" / "maker_wd-test-tagger")

    files = _store(data, hub, [Place("kohya", tmp_path / "kohya")]).fetch(tagger_named(NAME))

    assert data / "maker--wd-test-tagger" == files.path


def test_folders_and_files_are_taken_as_they_are(data, tagger_folder, monkeypatch):
    """A folder, an ONNX file and a relative path never touch the network, there or not."""
    monkeypatch.chdir(tagger_folder.parent)
    store = _store(data)

    for name in (tagger_folder, "colour-tagger", "./colour-tagger", tagger_folder / "model.onnx"):
        assert tagger_folder / "model.onnx" == store.resolve(name).model.absolute()
    for name in (tagger_folder / "nowhere", "./nowhere", "colour-tagger/nowhere", "nowhere.onnx"):
        with pytest.raises(MissingModelError, match=r"There is no tagger folder .*nowhere"):
            store.resolve(name)


@pytest.mark.parametrize("name", ["wd-vit", "~nobody-is-called-so/wd-vit", "wd-vit" * 50])
def test_an_unknown_name_is_refused(data, name):
    """A word that is neither a folder nor a tagger brings the names that are."""
    with pytest.raises(InvalidInputError, match=f'no tagger "{name[:200]}.*"; name a folder.* wd-vit-tagger-v3'):
        _store(data).resolve(name)


def test_a_path_that_no_folder_can_have_is_one_that_is_not_there(data):
    """A name too long for the disk is told like any other that leads nowhere."""
    with pytest.raises(MissingModelError, match="There is no tagger folder /x"):
        _store(data).resolve("/" + "x" * 1000)


def test_the_users_wish_for_no_network_counts(hub, data):
    """With HF_HUB_OFFLINE nothing is asked, and the sentence says why."""
    with pytest.raises(MissingModelError, match="HF_HUB_OFFLINE forbids downloading maker--wd-test-tagger"):
        _store(data, hub, offline=True).resolve(NAME)

    assert [] == hub.asked


def test_a_refusal_leaves_no_tagger_behind(hub, data):
    """After a refused download the name is as unknown here as before."""
    del hub.large["model.onnx"]
    store = _store(data, hub)

    with pytest.raises(HubRefusalError, match=r"no file model\.onnx"):
        store.resolve(NAME)

    assert store.find(tagger_named(NAME)) is None


def test_a_stopped_download_goes_on(hub, data):
    """Stopped, nothing is found; asked again, it comes."""
    hub.large["model.onnx"] += bytes(600_000)  # more than one piece; a protobuf reader would object, nobody reads it
    store = _store(data, hub)
    with pytest.raises(StoppedError):
        store.resolve(NAME, Counter(stops=True))
    assert store.find(tagger_named(NAME)) is None

    assert store.resolve(NAME).model.stat().st_size == len(hub.large["model.onnx"])
    assert hub.headers_of("GET", "/store/")[-1]["Range"].startswith("bytes=")


def test_two_downloads_do_not_mix(hub, data):
    """While one process downloads, another is told to wait instead of writing into the same part."""
    from filelock import FileLock

    folder = data / "maker--wd-test-tagger"
    folder.mkdir(parents=True)
    errors = []

    def fetch():
        try:
            _store(data, hub).resolve(NAME)
        except MissingModelError as error:
            errors.append(str(error))

    with FileLock(str(folder / ".lock")):
        other = threading.Thread(target=fetch)
        other.start()
        other.join()

    assert ["Another process is downloading maker--wd-test-tagger; wait for it and run the command again."] == errors


def test_a_data_folder_that_cannot_be_made_is_named(hub, tmp_path):
    """Where the data folder is a file, the sentence names it and the variable that moves it."""
    (tmp_path / "data").touch()

    with pytest.raises(NoSpaceError, match=r"cannot be written to .*COUNTERPROMPT_DATA"):
        _store(tmp_path / "data" / "taggers", hub).resolve(NAME)


def test_a_folder_that_cannot_be_locked_is_named(hub, data):
    """A folder in which no file can be made is no fault of the program's."""
    (data / "maker--wd-test-tagger" / ".lock").mkdir(parents=True)

    with pytest.raises(NoSpaceError, match=r"maker--wd-test-tagger cannot be written to"):
        _store(data, hub).resolve(NAME)


def test_contents_name_every_place(data, tagger_folder, tmp_path):
    """Each place is listed with the known taggers in it, the store's own first."""
    kohya = shutil.copytree(tagger_folder, tmp_path / "kohya" / "SmilingWolf_wd-v1-4-vit-tagger-v2")
    os.truncate(kohya / "model.onnx", 373_468_000)  # as long as the real one

    contents = _store(data, places=[Place("kohya", tmp_path / "kohya")]).contents()

    assert [("Counterprompt", []), ("kohya", ["wd-v1-4-vit-tagger-v2"])] == [
        (place.owner, names) for place, names in contents
    ]
