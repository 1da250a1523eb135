"""Our section of the host's settings page: read when needed, with a default for whatever is not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from counterprompt.errors import InvalidInputError
from counterprompt.places import expanded
from counterprompt.settings import SCORER_PRECISIONS, Settings, load_settings

if TYPE_CHECKING:
    from counterprompt.bootstrap.scorer_extras import ScorerExtras

SECTION: Final = ("counterprompt", "Counterprompt")
"""Id and label of the section."""

IN_SETTINGS: Final = f"in Settings, section {SECTION[1]}"
"""Where a remedy sends the user."""

DATA_FOLDER: Final = ("The data folder", f"choose another {IN_SETTINGS}")
"""What is said where it cannot be written: its name, since its path is nobody's business on a page, and the remedy."""

REST_WITH_API: Final = "with --api"
REST_ALWAYS: Final = "always"
REST_NEVER: Final = "never"

FEWEST_PICTURES: Final = 40
"""Smallest budget that is offered or taken: the search's own, said again so that the page need not load the search."""

MOST_PICTURES: Final = 5000
"""Largest budget that is offered or taken."""


@dataclass(frozen=True)
class Option:
    """One setting."""

    key: str
    """Its name in the host's options, less our prefix."""
    default: Any
    """Its value where nothing is set."""
    label: str
    """What the settings page calls it."""
    component: str = ""
    """Name of the gradio component, "" for the one that suits the default."""
    arguments: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """The component's arguments."""
    is_private: bool = False
    """Whether only the settings page may set it, not the host's REST: true of paths."""


OPTIONS: Final = (
    Option(
        "data_folder", "", "Folder for studies and recipes (empty: the user's own; needs a restart)", is_private=True
    ),
    Option(
        "scorer", "", "Folder of the scorer: CLIP, aesthetic head, probes (empty: the miniature's)", is_private=True
    ),
    Option("tagger", "", "Tagger: name, folder or ONNX file (empty: the miniature's)", is_private=True),
    Option(
        "preference",
        "none",
        "Preference model that joins the scorer of new studies",
        "Radio",
        {"choices": ["none", "hpsv2.1", "pickscore"]},
    ),
    Option("tag_artifacts", False, "Let the tagger's defect tags on generated pictures count (needs a tagger)"),
    Option("device", "auto", "What the scorer works on", "Radio", {"choices": ["auto", "cpu", "cuda"]}),
    Option(
        "precision",
        "auto",
        "What the scorer reckons in on a card (auto: fp16)",
        "Radio",
        {"choices": list(SCORER_PRECISIONS)},
    ),
    Option(
        "budget",
        240,
        "Pictures of a study, unless said otherwise",
        "Slider",
        {"minimum": FEWEST_PICTURES, "maximum": 1000, "step": 20},
    ),
    Option(
        "batch_size", 4, "Pictures that a study generates at once", "Slider", {"minimum": 1, "maximum": 32, "step": 1}
    ),
    Option(
        "rest",
        REST_WITH_API,
        "Serve REST under /counterprompt/v1 (needs a restart)",
        "Radio",
        {"choices": [REST_WITH_API, REST_ALWAYS, REST_NEVER]},
    ),
)
"""Every setting, in the page's order."""

_BY_KEY: Final = {option.key: option for option in OPTIONS}


def add_options() -> None:
    """Put our section on the settings page; called while the host builds it."""
    import gradio
    from modules import shared

    for option in OPTIONS:
        component = getattr(gradio, option.component) if option.component else None
        arguments = dict(option.arguments) or None
        info = shared.OptionInfo(option.default, option.label, component, arguments, section=SECTION)
        if option.is_private:
            info.restrict_api = True
        shared.opts.add_option(_key(option.key), info)


def option(key: str) -> Any:
    """Return what is set for *key*, one of OPTIONS; the default where nothing is, or something of another type."""
    from modules import shared

    default = _BY_KEY[key].default
    try:
        value = getattr(shared.opts, _key(key), default)
    except Exception:  # a host may be anywhere in its start
        return default
    if isinstance(default, int) and not isinstance(default, bool) and isinstance(value, float):
        value = int(value)
    return value if type(value) is type(default) else default


def host_settings() -> Settings:
    """Return the machine's settings, overruled by what the settings page says.

    Raises:
        InvalidInputError: a folder that is set is not an absolute path.
    """
    settings = load_settings()
    data_folder, scorer, tagger, device, precision = (str(option(key)).strip() for key in _OF_THE_MACHINE)
    return replace(
        settings,
        data_folder=_absolute(data_folder, "data folder") or settings.data_folder,
        scorer_folder=_absolute(scorer, "scorer") or settings.scorer_folder,
        tagger_folder=expanded(Path(tagger)) if tagger else settings.tagger_folder,
        scorer_device=settings.scorer_device if device == "auto" else device,
        scorer_precision=settings.scorer_precision if precision == "auto" else precision,
    )


_OF_THE_MACHINE: Final = ("data_folder", "scorer", "tagger", "device", "precision")


def host_extras(settings: Settings) -> ScorerExtras:
    """Return what joins the scorer of new studies."""
    from counterprompt.bootstrap.scorer_extras import ScorerExtras

    preference = str(option("preference"))
    chosen = "" if preference == "none" else preference
    return ScorerExtras.of(chosen, bool(option("tag_artifacts")), settings.tagger_folder)


def default_budget() -> int:
    """Return the pictures of a study for which nothing else is said, within what a study can be."""
    return max(FEWEST_PICTURES, min(MOST_PICTURES, int(option("budget"))))


def _key(key: str) -> str:
    return f"counterprompt_{key}"


def _absolute(text: str, what: str) -> Path | None:
    path = expanded(Path(text))
    if text and not path.is_absolute():
        raise InvalidInputError(
            f'The {what} "{text[:200]}" in the settings is not an absolute path; give one that begins at the root.'
        )
    return path if text else None
