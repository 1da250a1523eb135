"""The shipped weights become files that every door can read."""

import json

import pytest

from counterprompt.miniature.assets import WEIGHTS
from counterprompt.miniature.checkpoint import CHECKPOINT_NAME, TOKENS_KEY, assembled_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The miniature, put together in a cache of its own."""
    return assembled_folder(tmp_path_factory.mktemp("cache"))


def test_the_checkpoint_is_whole(folder):
    """The token table has all of CLIP's rows, and the three models of an SD 1.x file are there."""
    from safetensors import safe_open

    with safe_open(folder / CHECKPOINT_NAME, "pt") as file:
        names = set(file.keys())

        assert [49_408, 96] == list(file.get_slice(TOKENS_KEY).get_shape())
    prefixes = ("model.diffusion_model.", "first_stage_model.", "cond_stage_model.transformer.")
    assert all(any(name.startswith(prefix) for name in names) for prefix in prefixes)


def test_the_yaml_names_a_folder_that_is_there(folder):
    """The WebUI finds the tokenizer wherever it was started."""
    named = next(line for line in (folder / "miniature.yaml").read_text().splitlines() if "version:" in line)
    tokenizer = (folder / "tokenizer").as_posix()

    assert tokenizer in named
    assert {"vocab.json", "merges.txt", "config.json"} <= {path.name for path in (folder / "tokenizer").iterdir()}


def test_a_second_call_takes_what_is_there(folder):
    """Nothing is assembled twice, and no half-made folder is left behind."""
    assert folder == assembled_folder(folder.parent)
    assert [folder] == list(folder.parent.iterdir())


def test_loras_are_in_kohya_format(folder):
    """Each low-rank pair comes with its alpha, and the header says what it was trained on."""
    from safetensors import safe_open

    for path in (folder / "loras").iterdir():
        with safe_open(path, "pt") as file:
            stems = {name.split(".")[0] for name in file.keys()}  # noqa: SIM118 - safe_open is no mapping

            assert {f"{stem}.alpha" for stem in stems} <= set(file.keys())
            assert path.stem in json.loads(file.metadata()["ss_tag_frequency"])[f"10_{path.stem}"]


def test_the_shipped_weights_are_small():
    """Together they stay under 24 MB."""
    assert sum(path.stat().st_size for path in WEIGHTS.rglob("*") if path.is_file()) < 24e6
