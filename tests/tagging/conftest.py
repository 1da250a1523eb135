"""Tagger folders: one whose model reads colours (see build_colour_tagger.py), and some whose confidences are pixels."""

import importlib.util
import shutil
from pathlib import Path

import pytest

LABEL_ROWS = [
    "9999999,general,9,100",
    "9999998,sensitive,9,50",
    "1,blue_theme,0,9",
    "2,green_theme,0,8",
    "3,red_theme,0,7",
    "4,^_^,0,6",
    "5,hatsune_miku,4,5",
]


@pytest.fixture
def tagger_folder(tmp_path):
    """A complete folder with a free batch dimension, which a test may change."""
    folder = tmp_path / "colour-tagger"
    folder.mkdir()
    shutil.copy(Path(__file__).parent / "colour_tagger.onnx", folder / "model.onnx")
    (folder / "selected_tags.csv").write_text("\n".join(["tag_id,name,category,count", *LABEL_ROWS, ""]))
    return folder


@pytest.fixture
def pixel_tagger_folder(tmp_path):
    """A function that makes a folder with a model of build_pixel_tagger.py in the layout it is told."""
    spec = importlib.util.spec_from_file_location("build", Path(__file__).with_name("build_pixel_tagger.py"))
    builder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(builder)

    def make(**layout):
        folder = tmp_path / "pixel-tagger"
        folder.mkdir(exist_ok=True)
        builder.pixel_tagger(folder / "model.onnx", **layout)
        names = [f"{place}_{colour}" for place in ("corner", "middle") for colour in ("blue", "green", "red")]
        rows = [f"{number},{name},0,1" for number, name in enumerate(names)]
        (folder / "selected_tags.csv").write_text("\n".join(["tag_id,name,category,count", *rows, ""]))
        return folder

    return make
