"""Finding a tagger's files in the layouts of many programs."""

import shutil
from dataclasses import replace

import pytest
from PIL import Image

from counterprompt.errors import MissingModelError
from counterprompt.tagging.known_taggers import HubFile, tagger_named
from counterprompt.tagging.tagger_files import files_of, locate_files
from counterprompt.tagging.wd import WdTagger

TAGGER = tagger_named("maker/wd-test-tagger")


@pytest.mark.parametrize(
    ("model", "labels"),
    [
        ("model.onnx", "selected_tags.csv"),
        ("my tagger.onnx", "my tagger.csv"),
        ("model.onnx", "tags.csv"),
        ("v3.onnx", "selected_tags.csv"),
    ],
)
def test_folder_may_name_its_files_as_it_likes(tagger_folder, model, labels):
    """One ONNX file and one label file are found under any names, and what leads to them leads there again."""
    shutil.move(tagger_folder / "model.onnx", tagger_folder / model)
    shutil.move(tagger_folder / "selected_tags.csv", tagger_folder / labels)

    files = locate_files(tagger_folder)

    assert (tagger_folder / model, tagger_folder / labels) == (files.model, files.labels)
    assert files == locate_files(files.path)
    (observed,) = WdTagger(files.path).tag([Image.new("RGB", (8, 8), "blue")])
    assert ("blue theme",) == observed.names()


def test_one_of_several_models_goes_by_its_own_labels_and_thresholds(tagger_folder):
    """In a folder of many, as ComfyUI's, each ONNX file has the CSV of its name, and its name gives the thresholds."""
    for name in ("wd-eva02-large-tagger-v3", "wd-vit-tagger-v3"):
        shutil.copy(tagger_folder / "model.onnx", tagger_folder / f"{name}.onnx")
        shutil.copy(tagger_folder / "selected_tags.csv", tagger_folder / f"{name}.csv")
    (tagger_folder / "model.onnx").unlink()
    dull_blue = Image.new("RGB", (8, 8), (110, 110, 140))

    chosen = tagger_folder / "wd-eva02-large-tagger-v3.onnx"

    assert tagger_folder / "wd-eva02-large-tagger-v3.csv" == locate_files(chosen).labels
    assert "wd-eva02-large-tagger-v3" == WdTagger(chosen).name
    strict, lenient = (
        WdTagger(tagger_folder / f"{name}.onnx") for name in ("wd-eva02-large-tagger-v3", "wd-vit-tagger-v3")
    )
    assert set(strict.tag([dull_blue])[0].names()) < set(lenient.tag([dull_blue])[0].names())


@pytest.mark.parametrize(
    ("removed", "added", "sentence"),
    [
        ([""], [], "There is no tagger folder .*models list"),
        (["model.onnx"], [], r"holds no model\.onnx"),
        (["model.onnx"], ["a.onnx", "b.onnx"], "holds several ONNX files; name one of them"),
        (["selected_tags.csv"], [], r"holds no selected_tags\.csv for model\.onnx"),
        (["selected_tags.csv"], ["a.csv", "b.csv"], r"holds no selected_tags\.csv for model\.onnx"),
    ],
)
def test_what_is_missing_is_named(tagger_folder, removed, added, sentence):
    """A folder without a tagger says which file it lacks."""
    for name in removed:
        (tagger_folder / name).unlink() if name else shutil.rmtree(tagger_folder)
    for name in added:
        (tagger_folder / name).touch()

    with pytest.raises(MissingModelError, match=sentence):
        locate_files(tagger_folder)


@pytest.mark.parametrize(
    ("model", "labels"),
    [
        ("wd-test-tagger/model.onnx", "wd-test-tagger/selected_tags.csv"),
        ("maker--wd-test-tagger/model.onnx", "maker--wd-test-tagger/selected_tags.csv"),
        ("wd-test-tagger/any.onnx", "wd-test-tagger/tags.csv"),
        ("maker_wd-test-tagger/model.onnx", "maker_wd-test-tagger/selected_tags.csv"),
        ("wd-test-tagger.onnx", "wd-test-tagger.csv"),
        (
            "models--maker--wd-test-tagger/snapshots/0a/model.onnx",
            "models--maker--wd-test-tagger/snapshots/0a/selected_tags.csv",
        ),
    ],
)
def test_every_layout_is_found(tagger_folder, tmp_path, model, labels):
    """Our own, TaggerOnnx, kohya's, ComfyUI's and the hub's cache are looked through."""
    place = tmp_path / "place"
    for name, target in (("model.onnx", place / model), ("selected_tags.csv", place / labels)):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(tagger_folder / name, target)

    (files,) = files_of(TAGGER, place)

    assert (place / model, place / labels) == (files.model, files.labels)


def test_the_pinned_snapshot_comes_first(tagger_folder, tmp_path):
    """Of several revisions in the hub's cache the pinned one is taken."""
    snapshots = tmp_path / "models--maker--wd-test-tagger" / "snapshots"
    for revision in ("aa", "bb", "cc"):
        shutil.copytree(tagger_folder, snapshots / revision)

    first = next(files_of(replace(TAGGER, revision="bb"), tmp_path))

    assert snapshots / "bb" == first.path


@pytest.mark.parametrize("fault", ["short", "empty", "pointer", "no labels"])
def test_broken_files_of_others_are_passed_over(tagger_folder, tmp_path, fault):
    """A download that another program left broken is none."""
    place = tmp_path / "place"
    shutil.copytree(tagger_folder, place / "wd-test-tagger")
    model = place / "wd-test-tagger" / "model.onnx"
    size = model.stat().st_size * (2 if fault == "short" else 1)
    if fault == "empty":
        model.write_bytes(b"")
    if fault == "pointer":
        model.write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    if fault == "no labels":
        (model.parent / "selected_tags.csv").unlink()
    tagger = replace(TAGGER, model=HubFile("model.onnx", size if fault == "short" else 0))

    assert [] == list(files_of(tagger, place))
