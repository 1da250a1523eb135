"""Where taggers may already lie on this machine, downloaded by other programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.places import expanded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Place:
    """One folder that may hold taggers."""

    owner: str
    """Whose it is, for people: "ComfyUI-WD14-Tagger"."""
    path: Path
    """The folder, there or not."""


PROGRAM_PLACES: Final = (
    ("wd14-tagger extension", "models/interrogators"),
    ("wd14-tagger extension", "models/TaggerOnnx"),
    ("ComfyUI-WD14-Tagger", "custom_nodes/ComfyUI-WD14-Tagger/models"),
    ("ComfyUI-WD14-Tagger", "custom_nodes/comfyui-wd14-tagger/models"),
    ("ComfyUI", "models/wd14_tagger"),
    ("kohya's scripts", "wd14_tagger_model"),
    ("kohya's scripts", "sd-scripts/wd14_tagger_model"),
    ("lora-scripts", "huggingface/hub"),
    ("models", "models"),
    ("the folder itself", ""),
)
"""Program to the folder, below its own, in which it keeps taggers. From its source: picobyte's wd14-tagger fills a hub
cache in models/interrogators and reads models/TaggerOnnx, ComfyUI-WD14-Tagger keeps NAME.onnx and NAME.csv in its own
models folder or in wd14_tagger, kohya's tag_images_by_wd14_tagger.py writes wd14_tagger_model below the folder that it
runs in, lora-scripts sets HF_HOME to its huggingface folder."""


def hub_caches(environment: Mapping[str, str], home: Path) -> tuple[Place, ...]:
    """Return the hub's cache folders as `huggingface_hub` finds them: its three variables, XDG_CACHE_HOME, ~/.cache."""
    named = [environment.get("HF_HUB_CACHE"), environment.get("HUGGINGFACE_HUB_CACHE")]
    root = environment.get("HF_HOME")
    if not root:
        root = f"{environment.get('XDG_CACHE_HOME') or home / '.cache'}/huggingface"
    # The last is where the wd14-tagger extension puts its files when HF_HOME is set. An absolute name replaces home.
    folders = [home / name for name in (*filter(None, named), f"{root}/hub", root)]
    return tuple(Place("the hub's cache", folder) for folder in dict.fromkeys(map(expanded, folders)))


def places_below(roots: Iterable[Path]) -> tuple[Place, ...]:
    """Return the places of every known program below each of *roots*: folders of WebUIs, ComfyUI, kohya's scripts."""
    found = {root / below: owner for root in roots for owner, below in PROGRAM_PLACES}
    return tuple(Place(owner, path) for path, owner in found.items())


def host_folder(package_file: Path) -> Path | None:
    """Return the WebUI whose `extensions` folder *package_file* lies in, or None."""
    return next((parent.parent for parent in package_file.parents if parent.name == "extensions"), None)
