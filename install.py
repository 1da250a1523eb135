"""Run by the WebUI before it starts: adds the packages that Counterprompt lacks, and moves none that are there.

Every installed package is a constraint for pip, so it may add but never replace. Nothing here stops the WebUI from
starting: what cannot be installed is said in one line, and the tab says it again.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib import metadata, util
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "extension"))

WANTED = ("filelock>=3.9", "open-clip-torch>=2.20", "optuna>=4.0", "safetensors>=0.4", "threadpoolctl>=3")
"""What WebUIs do not all bring, as in pyproject.toml; torch, numpy and Pillow they do bring, and those are theirs."""

NEEDS = {"open-clip-torch": "torch", "onnxruntime": "numpy"}
"""Package to what must be there before: it is never brought in by us."""

SKIP_VARIABLE = "COUNTERPROMPT_SKIP_INSTALL"
"""Set to anything but 0, it keeps this script from installing."""

_READABLE = re.compile(r"\d+(\.\d+)*([._-]?(a|b|c|rc|pre|post|dev)[._-]?\d*)*(\+[a-z0-9._-]+)?", re.IGNORECASE)
"""A version that pip can compare."""

_SECONDS = 1200
_NAME = "Counterprompt"


def main() -> None:
    """Install what is missing, and say in one line what was done."""
    try:
        line = _install(os.environ)
    except Exception as error:  # whatever it is, the WebUI starts
        line = f"nothing was installed ({type(error).__name__}: {error}); the tab says what is missing."
    sys.stdout.write(f"{_NAME}: {line}\n")


def _install(environment: Mapping[str, str]) -> str:
    versions = installed_versions()
    missing = missing_packages(versions)
    if not missing:
        return "all packages are here."
    reason = reason_to_skip(environment)
    if reason:
        return f"{', '.join(missing)} missing, not installed because of {reason}."
    added, failed = [], []
    with tempfile.TemporaryDirectory() as folder:
        constraints = Path(folder) / "constraints.txt"
        constraints.write_text("\n".join(constraint_lines(versions)) + "\n", encoding="utf-8")
        for requirement in missing:
            fault = _add(requirement, constraints, environment)
            (failed if fault else added).append(f"{requirement} ({fault})" if fault else requirement)
    return _sentence(added, failed, moved_packages(versions, installed_versions()))


def installed_versions() -> dict[str, str]:
    """Return the version of every installed distribution, by its normal name."""
    found: dict[str, str] = {}
    for distribution in metadata.distributions():
        name = distribution.metadata["Name"]
        if name and distribution.version:
            found.setdefault(normal_name(name), distribution.version)
    return found


def normal_name(name: str) -> str:
    """Spell a distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def missing_packages(versions: Mapping[str, str]) -> list[str]:
    """Name what is wanted and not there at all; what is there in another version is the host's affair."""
    from counterprompt.tagging.onnx_packages import PACKAGE_NAMES

    missing = [each for each in WANTED if name_of(each) not in versions and _has_needs(name_of(each), versions)]
    if not any(name in versions for name in PACKAGE_NAMES) and _has_needs("onnxruntime", versions):
        missing.append(onnx_requirement(versions, torch_cuda()))
    return missing


def name_of(requirement: str) -> str:
    """Return the name in a requirement: "optuna>=4.0" -> "optuna"."""
    return re.split(r"[<>=!~ ]", requirement, maxsplit=1)[0]


def _has_needs(name: str, versions: Mapping[str, str]) -> bool:
    return NEEDS.get(name, "") in {"", *versions}


def torch_cuda() -> str:
    """Return the CUDA version that torch was built for, "" for none: from its files, since importing is slow."""
    found = util.find_spec("torch")
    if found is None or not found.origin:
        return ""
    try:
        text = (Path(found.origin).parent / "version.py").read_text(encoding="utf-8")
    except OSError:
        return ""
    said = re.search(r"^cuda\b[^=\n]*= *'([0-9.]+)'", text, re.MULTILINE)
    return said.group(1) if said else ""


def onnx_requirement(versions: Mapping[str, str], cuda: str) -> str:
    """Choose the onnxruntime that fits: with torch's CUDA the one for it, where one exists, otherwise the CPU's."""
    from counterprompt.tagging.onnx_advice import OnnxHost, advise_package
    from counterprompt.tagging.onnx_packages import parse_version

    major = (*parse_version(cuda), 0)[0]
    # PyTorch has cuDNN 9 since 2.4.
    cudnn = 0 if not major else 9 if parse_version(versions.get("torch", "")) >= (2, 4) else 8
    host = OnnxHost(
        python=sys.version_info[:2],
        platform=sys.platform,
        cuda=major,
        cudnn=cudnn,
        protobuf=parse_version(versions.get("protobuf", "")),
    )
    return advise_package(host).package.requirement


def constraint_lines(versions: Mapping[str, str]) -> list[str]:
    """Pin every installed distribution to what it is; a version that pip could not read is left out."""
    return [f"{name}=={version}" for name, version in sorted(versions.items()) if _READABLE.fullmatch(version)]


def reason_to_skip(environment: Mapping[str, str]) -> str:
    """Say which switch forbids installing, "" where none does."""
    if environment.get(SKIP_VARIABLE, "0") not in {"", "0"}:
        return SKIP_VARIABLE
    try:
        words = shlex.split(environment.get("COMMANDLINE_ARGS", ""))
    except ValueError:
        words = environment.get("COMMANDLINE_ARGS", "").split()
    return next((each for each in words if each in {"--skip-install", "--skip-prepare-environment"}), "")


def install_command(requirement: str, constraints: Path, environment: Mapping[str, str]) -> list[str] | None:
    """Return what to run: pip or, where an environment was made without it, uv; None where there is neither."""
    index = ["--index-url", environment["INDEX_URL"]] if environment.get("INDEX_URL") else []
    rest = ["-c", str(constraints), *index, requirement]
    if util.find_spec("pip") is not None:
        options = ["--prefer-binary", "--disable-pip-version-check", "--no-input", "--retries", "2", "-q"]
        return [sys.executable, "-m", "pip", "install", *options, *rest]
    uv = shutil.which("uv")
    return [uv, "pip", "install", "-q", "--python", sys.executable, *rest] if uv else None


def _add(requirement: str, constraints: Path, environment: Mapping[str, str]) -> str:
    """Install *requirement* and return why that failed, "" where it did not."""
    command = install_command(requirement, constraints, environment)
    if command is None:
        return "neither pip nor uv is here"
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)  # noqa: S603 - ours
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{type(error).__name__}"
    if done.returncode == 0:
        return ""
    said = [line for line in done.stderr.splitlines() if line.strip().lower().startswith("error")]
    return (said[0] if said else "pip failed")[:200]


def moved_packages(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Name what is there in another version than before, or no longer."""
    return [f"{name} {before[name]} -> {after.get(name, 'gone')}" for name in before if before[name] != after.get(name)]


def _sentence(added: Sequence[str], failed: Sequence[str], moved: Sequence[str]) -> str:
    parts = [f"added {', '.join(added)}" if added else ""]
    parts.append(f"could not add {', '.join(failed)}; the WebUI starts without" if failed else "")
    parts.append(f"against its will moved {', '.join(moved)}" if moved else "moved nothing" if added else "")
    return "; ".join(filter(None, parts)) + "."


if __name__ == "__main__":
    main()
