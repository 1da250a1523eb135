"""Where taggers may lie."""

from pathlib import Path

import pytest

from counterprompt.tagging.tagger_places import host_folder, hub_caches, places_below

HOME = Path("/home/ada")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, ["/home/ada/.cache/huggingface/hub", "/home/ada/.cache/huggingface"]),
        ({"XDG_CACHE_HOME": "/cache"}, ["/cache/huggingface/hub", "/cache/huggingface"]),
        ({"HF_HOME": "/hf"}, ["/hf/hub", "/hf"]),
        ({"HF_HUB_CACHE": "/mine", "HF_HOME": "/hf"}, ["/mine", "/hf/hub", "/hf"]),
        ({"HUGGINGFACE_HUB_CACHE": "/old", "HF_HOME": "/hf"}, ["/old", "/hf/hub", "/hf"]),
        ({"HF_HUB_CACHE": "/hf/hub", "HF_HOME": "/hf"}, ["/hf/hub", "/hf"]),
    ],
)
def test_the_hubs_cache_follows_its_variables(environment, expected):
    """The cache is where huggingface_hub would look, each folder once."""
    assert [Path(path) for path in expected] == [place.path for place in hub_caches(environment, HOME)]


@pytest.mark.parametrize(
    "folder",
    [
        "models/interrogators",
        "models/TaggerOnnx",
        "custom_nodes/ComfyUI-WD14-Tagger/models",
        "wd14_tagger_model",
        "huggingface/hub",
        "",
    ],
)
def test_each_program_has_its_folder(folder):
    """A named folder may be a WebUI's, ComfyUI's, kohya's, lora-scripts' or hold taggers itself."""
    assert HOME / folder in [place.path for place in places_below([HOME])]


def test_the_host_is_found_from_the_extension():
    """Installed in a WebUI, the WebUI's own folders are looked through; elsewhere there is no host."""
    inside = Path("/webui/extensions/sd-webui-counterprompt/extension/counterprompt/bootstrap/taggers.py")

    assert Path("/webui") == host_folder(inside)
    assert host_folder(Path("/site-packages/counterprompt/bootstrap/taggers.py")) is None
