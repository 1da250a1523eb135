"""A tagger folder whose model reads colours (see build_colour_tagger.py)."""

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
