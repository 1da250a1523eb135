"""Commands that look at the installation: doctor, and the miniature's own check."""

import sys
from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer

from counterprompt import __version__
from counterprompt.bootstrap import installation, miniature
from counterprompt.bootstrap.scorer_extras import preference_answer
from counterprompt.cli.answers import answer_json, answer_rows
from counterprompt.cli.options import Json
from counterprompt.cli.progress import TerminalProgress
from counterprompt.errors import CounterpromptError
from counterprompt.settings import Settings, load_settings

PACKAGES: Final = (
    "torch",
    "optuna",
    "onnxruntime",
    "open-clip-torch",
    "diffusers",
    "transformers",
    "numpy",
    "pillow",
    "safetensors",
    "typer",
    "rich",
)
"""Distributions that `doctor` looks for."""

_NEEDS: Final = {
    "read": ("pillow",),
    "tag, diff, advise": ("pillow", "numpy", "onnxruntime", "tagger"),
    "tune on the miniature": ("torch", "optuna", "open-clip-torch", "diffusers", "transformers", "miniature", "scorer"),
    "tune on a local checkpoint": ("torch", "optuna", "open-clip-torch", "diffusers", "transformers", "scorer"),
    "tune on a WebUI": ("torch", "optuna", "open-clip-torch", "scorer"),
}
"""What each use needs of packages and models."""


def doctor(as_json: Json = False) -> None:
    """Say what is installed, what is missing, and what would run where."""
    settings = load_settings()
    facts = examine_installation(settings)
    facts = {"counterprompt": __version__, "python": sys.version.split()[0], **facts}
    if as_json:
        answer_json(facts)
        return
    answer_rows(
        "Counterprompt", [("version", __version__), ("Python", facts["python"]), ("data", facts["data_folder"])]
    )
    answer_rows("Packages", [(name, version or "missing") for name, version in facts["packages"].items()])
    answer_rows(
        "Hardware", [("torch runs on", facts["device"]), ("onnxruntime", ", ".join(facts["providers"]) or "missing")]
    )
    answer_rows("Taggers run on", _onnx_rows(facts["onnxruntime"]))
    answer_rows("Models", [(name, _model_text(model)) for name, model in facts["models"].items()])
    preferences = facts["preference_models"].values()
    answer_rows(
        "Preference models", [(f"{each['name']} ({each['licence']})", _model_text(each)) for each in preferences]
    )
    answer_rows("What works", [(name, "yes" if not why else f"no: {why}") for name, why in facts["works"].items()])


def examine_installation(settings: Settings) -> dict[str, Any]:
    """Return packages, device, providers, models, and why each use would not work ("": it does)."""
    onnx = installation.onnx_answer(settings)
    packages = installation.installed_packages(PACKAGES)
    packages["onnxruntime"] = next(iter(onnx["installed"].values()), None)
    paths = installation.model_paths(settings)
    models = {name: {"path": str(path), "present": path.exists()} for name, path in paths.items()}
    return {
        "data_folder": str(settings.data_folder),
        "hf_endpoint": settings.hf_endpoint,
        "packages": packages,
        "device": installation.torch_device(),
        "providers": installation.onnx_providers(),
        "onnxruntime": onnx,
        "models": models,
        "preference_models": preference_answer(settings),
        "works": {use: _why_not(needs, packages, models) for use, needs in _NEEDS.items()},
    }


def _why_not(
    needs: tuple[str, ...], packages: Mapping[str, str | None], models: Mapping[str, Mapping[str, object]]
) -> str:
    missing = [f"the package {name}" for name in needs if name in packages and packages[name] is None]
    missing += [f"the {name}" for name in needs if name in models and not models[name]["present"]]
    return f"{' and '.join(missing)} missing" if missing else ""


def _onnx_rows(onnx: Mapping[str, Any]) -> list[tuple[str, str]]:
    installed = ", ".join(f"{name} {version}" for name, version in onnx["installed"].items())
    rows = [
        (onnx["wanted"], " ".join(filter(None, (onnx["runs_on"], onnx["why"])))),
        ("installed", f"{installed or 'nothing'}: {onnx['reason']}"),
    ]
    if not onnx["is_best"]:
        rows.append(("fits here", onnx["fits"]))
    return [*rows, ("type", onnx["command"])] if onnx["command"] else rows


def _model_text(model: dict[str, Any]) -> str:
    return f"{'here' if model['present'] else 'missing'}, {model['path']}"


def miniature_check(
    pictures: Annotated[int, typer.Option("--pictures", min=16, help="Pictures for each setting.")] = 128,
    as_json: Json = False,
) -> None:
    """Measure the miniature's models against their bars, judged by the independent judge."""
    with TerminalProgress() as progress:
        results = miniature.check_miniature(pictures, progress)
    if as_json:
        answer_json({"checks": results})
    else:
        answer_rows("Miniature", [(result["name"], _check_text(result)) for result in results])
    failed = [result["name"] for result in results if not result["passed"]]
    if failed:
        raise CounterpromptError(f"The miniature misses {len(failed)} of {len(results)} bars, first: {failed[0]}.")


def _check_text(result: dict[str, Any]) -> str:
    verdict = "passed" if result["passed"] else "FAILED"
    return f"{verdict}: {result['measured']} (bar {result['bar']}; {result['samples']} pictures)"
