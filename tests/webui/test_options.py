"""Our settings in a host that holds some, none, or nonsense."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from counterprompt.bootstrap.scorer_extras import NO_EXTRAS, ScorerExtras
from counterprompt.errors import InvalidInputError
from counterprompt.search.plan import SMALLEST_BUDGET
from counterprompt.webui import options

SetOptions = Callable[..., Any]


@pytest.fixture
def set_options(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SetOptions:
    """Plant the host's `modules.shared` with some of our options set, and a data folder in the environment."""
    monkeypatch.setenv("COUNTERPROMPT_DATA", str(tmp_path))

    def plant(**values: Any) -> Any:
        shared: Any = ModuleType("modules.shared")
        shared.opts = SimpleNamespace(**{f"counterprompt_{key}": value for key, value in values.items()})
        package: Any = ModuleType("modules")
        package.shared = shared
        monkeypatch.setitem(sys.modules, "modules", package)
        monkeypatch.setitem(sys.modules, "modules.shared", shared)
        return shared

    return plant


def test_nothing_set_is_the_machines_own(set_options: SetOptions, tmp_path: Path) -> None:
    """A host that knows none of our options gives the defaults and the settings of the environment."""
    set_options()

    settings = options.host_settings()

    assert (tmp_path, None, "auto") == (settings.data_folder, settings.scorer_folder, settings.scorer_device)
    assert NO_EXTRAS == options.host_extras(settings)
    assert 240 == options.default_budget()


def test_what_is_set_counts(set_options: SetOptions, tmp_path: Path) -> None:
    """Folders, device, budget and what joins the scorer come from the settings page."""
    set_options(
        data_folder=str(tmp_path / "x"),
        scorer=" /models/clip ",
        device="cpu",
        precision="bf16",
        budget=100.0,
        preference="pickscore",
    )

    settings = options.host_settings()

    assert (tmp_path / "x" / "studies", Path("/models/clip")) == (settings.studies_folder, settings.scorer_folder)
    assert ("cpu", "bf16", 100) == (settings.scorer_device, settings.scorer_precision, options.default_budget())
    assert ScorerExtras("pickscore") == options.host_extras(settings)


def test_auto_leaves_device_and_precision_to_the_environment(
    set_options: SetOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the settings page leaves open is what the variables say."""
    monkeypatch.setenv("COUNTERPROMPT_SCORER_DEVICE", "cuda:1")
    monkeypatch.setenv("COUNTERPROMPT_SCORER_PRECISION", "fp32")
    set_options(device="auto", precision="auto")

    settings = options.host_settings()

    assert ("cuda:1", "fp32") == (settings.scorer_device, settings.scorer_precision)


def test_nonsense_is_as_good_as_nothing(set_options: SetOptions) -> None:
    """A value of another type, as an edited file may hold, gives the default; a budget stays within what can be."""
    set_options(budget="many", batch_size=None, rest=True)

    assert [240, 4, options.REST_WITH_API] == [options.option(key) for key in ("budget", "batch_size", "rest")]
    set_options(budget=1)
    assert SMALLEST_BUDGET == options.default_budget()


def test_a_relative_folder_is_refused(set_options: SetOptions) -> None:
    """A folder that depends on where the host was started is refused by name."""
    set_options(data_folder="studies")

    with pytest.raises(InvalidInputError, match='data folder "studies"'):
        options.host_settings()


def test_the_smallest_budget_is_the_searchs() -> None:
    """The number that spares the page the search is the search's own."""
    assert SMALLEST_BUDGET == options.FEWEST_PICTURES


def test_the_settings_page_gets_every_option(set_options: SetOptions) -> None:
    """Each option is added once in our section; paths cannot be set through the host's REST."""
    gradio = pytest.importorskip("gradio", reason="a WebUI brings it; CI has environments with both its majors")
    shared = set_options()
    added: dict[str, Any] = {}
    shared.OptionInfo = lambda default, label, component, arguments, section: SimpleNamespace(
        default=default, component=component, arguments=arguments, section=section, restrict_api=False
    )
    shared.opts.add_option = added.__setitem__

    options.add_options()

    assert [f"counterprompt_{option.key}" for option in options.OPTIONS] == list(added)
    assert {options.SECTION} == {info.section for info in added.values()}
    assert ["data_folder", "scorer", "tagger"] == [key[14:] for key, info in added.items() if info.restrict_api]
    assert gradio.Slider is added["counterprompt_budget"].component
