"""Looks at the installation that onnxruntime runs in, and says what `doctor` shows of it."""

from __future__ import annotations

import sys
from importlib import metadata
from typing import TYPE_CHECKING, Any

from counterprompt.errors import InvalidInputError, MissingModelError
from counterprompt.tagging.onnx_advice import OnnxHost, advise_package
from counterprompt.tagging.onnx_packages import PACKAGE_NAMES, parse_version
from counterprompt.tagging.providers import open_model

if TYPE_CHECKING:
    from pathlib import Path


def installed_version(package: str) -> str | None:
    """Return the version of an installed distribution, or None."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def read_host(cuda: str | None = None, cudnn: int | None = None, *, has_rocm: bool = False) -> OnnxHost:
    """Describe this installation.

    Args:
        cuda: `torch.version.cuda` where torch has a card of NVIDIA's: "12.1".
        cudnn: `torch.backends.cudnn.version()`: 8902 or, since 9, 90100.
        has_rocm: whether torch has a card of AMD's.
    """
    versions = {name: installed_version(name) for name in PACKAGE_NAMES}
    return OnnxHost(
        python=sys.version_info[:2],
        platform=sys.platform,
        cuda=0 if has_rocm else (*parse_version(cuda or ""), 0)[0],
        cudnn=0 if has_rocm else (cudnn or 0) // (10_000 if (cudnn or 0) >= 90_000 else 1000),
        has_rocm=has_rocm,
        protobuf=parse_version(installed_version("protobuf") or ""),
        installed={name: version for name, version in versions.items() if version},
    )


def answer_about(host: OnnxHost, model: Path, wanted: str) -> dict[str, Any]:
    """Say which package fits *host*, what to type for it, and what *model* runs on when *wanted* is asked for.

    Keys: installed (package to version), fits (requirement), is_fine, is_best, reason, command, wanted, runs_on ("" for
    nothing) and why ("" where it runs on what was asked for).
    """
    advice = advise_package(host)
    try:
        opened = open_model(model, wanted)
        runs_on, why = opened.provider, opened.reason
    except (MissingModelError, InvalidInputError) as error:
        runs_on, why = "", str(error)
    return {
        "installed": dict(host.installed),
        "fits": advice.package.requirement,
        "is_fine": advice.is_fine,
        "is_best": advice.is_best,
        "reason": advice.reason,
        "command": advice.command,
        "wanted": wanted,
        "runs_on": runs_on,
        "why": why,
    }
