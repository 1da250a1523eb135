"""install.py, as the WebUI runs it: it adds what is missing and moves nothing, tried with made-up packages."""

from __future__ import annotations

import ensurepip
import importlib.util
import os
import subprocess
import venv
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
_WHERE = "import sysconfig; print(sysconfig.get_path('purelib'), end='')"


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("counterprompt_install", ROOT / "install.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


install = _load()


def _wheel(folder: Path, name: str, version: str, *requires: str) -> None:
    """Write a wheel with nothing in it but its name and what it requires."""
    stem = f"{name.replace('-', '_')}-{version}"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    metadata = "\n".join([*lines, *(f"Requires-Dist: {each}" for each in requires)])
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{stem}.dist-info/METADATA", metadata + "\n")
        wheel.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{stem}.dist-info/RECORD", "")


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out an index in a folder, in which the newest of what we want needs newer versions than the host has."""
    folder = tmp_path_factory.mktemp("wheels")
    for version in ("1.26.2", "2.3.0"):
        _wheel(folder, "numpy", version)
    _wheel(folder, "torch", "2.1.2")
    _wheel(folder, "pydantic", "1.10.15")
    _wheel(folder, "pydantic", "2.8.2")
    _wheel(folder, "optuna", "4.1.0", "numpy", "colorlog")
    _wheel(folder, "optuna", "9.0.0", "numpy>=2", "colorlog")
    _wheel(folder, "colorlog", "6.0.0")
    _wheel(folder, "open-clip-torch", "2.20.0", "torch")
    _wheel(folder, "open-clip-torch", "9.0.0", "torch", "pydantic>=2")
    _wheel(folder, "onnxruntime", "1.20.0", "numpy")
    _wheel(folder, "filelock", "3.12.0")
    _wheel(folder, "safetensors", "0.4.2")
    _wheel(folder, "threadpoolctl", "3.1.0")
    return folder


@pytest.fixture(scope="module")
def host_python(tmp_path_factory: pytest.TempPathFactory, wheels: Path) -> Path:
    """Make an environment that has what a WebUI brings."""
    folder = tmp_path_factory.mktemp("host")
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    where = subprocess.run([str(python), "-c", _WHERE], capture_output=True, text=True, timeout=300, check=True)
    (pip,) = Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl")
    zipfile.ZipFile(pip).extractall(where.stdout)
    brought = ["numpy==1.26.2", "torch==2.1.2", "pydantic==1.10.15", "safetensors==0.4.2"]
    command = [str(python), "-m", "pip", "install", "-q", "--no-index", "-f", str(wheels), *brought]
    subprocess.run(command, check=True, timeout=300)
    return python


def _run(python: Path, **variables: str) -> str:
    ours = {name: text for name, text in os.environ.items() if not name.startswith(("PIP_", "UV_", "COUNTERPROMPT_"))}
    done = subprocess.run(
        [str(python), str(ROOT / "install.py")], env={**ours, **variables}, capture_output=True, text=True, timeout=300
    )
    assert (0, "") == (done.returncode, done.stderr)
    return done.stdout


def _versions(python: Path) -> set[str]:
    done = subprocess.run([str(python), "-m", "pip", "freeze"], capture_output=True, text=True, timeout=300, check=True)
    return set(done.stdout.split())


@pytest.mark.slow
def test_without_a_network_the_host_starts_all_the_same(host_python: Path, tmp_path: Path) -> None:
    """Where nothing can be had it says so in one line and changes nothing; nor does it act when told not to."""
    before = _versions(host_python)

    line = _run(host_python, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(tmp_path))
    told_not_to = _run(host_python, COMMANDLINE_ARGS="--medvram --skip-install")

    assert line.startswith("Counterprompt: could not add filelock>=3.9 (ERROR: ")
    assert line.endswith("; the WebUI starts without.\n")
    assert 1 == line.count("\n")
    assert told_not_to.endswith("not installed because of --skip-install.\n")
    assert before == _versions(host_python)


@pytest.mark.slow
def test_it_adds_and_moves_nothing(host_python: Path, wheels: Path) -> None:
    """What is missing comes in the newest version that the host's packages admit; a second run has nothing to do."""
    before = _versions(host_python)

    line = _run(host_python, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(wheels))

    added = {"optuna==4.1.0", "colorlog==6.0.0", "open-clip-torch==2.20.0", "onnxruntime==1.20.0", "filelock==3.12.0"}
    assert before | added | {"threadpoolctl==3.1.0"} == _versions(host_python)
    wanted = "filelock>=3.9, open-clip-torch>=2.20, optuna>=4.0, threadpoolctl>=3, onnxruntime>="
    assert line.startswith(f"Counterprompt: added {wanted}")
    assert line.endswith("; moved nothing.\n")
    assert "Counterprompt: all packages are here.\n" == _run(host_python)


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({}, ""),
        ({"COMMANDLINE_ARGS": "--xformers"}, ""),
        ({"COMMANDLINE_ARGS": "--xformers --skip-install"}, "--skip-install"),
        ({"COMMANDLINE_ARGS": "it's --skip-prepare-environment"}, "--skip-prepare-environment"),
        ({"COUNTERPROMPT_SKIP_INSTALL": "1"}, "COUNTERPROMPT_SKIP_INSTALL"),
        ({"COUNTERPROMPT_SKIP_INSTALL": "0"}, ""),
    ],
)
def test_switches_that_forbid_installing(environment: dict[str, str], reason: str) -> None:
    """The host's own switches and one of ours keep it from installing."""
    assert reason == install.reason_to_skip(environment)


@pytest.mark.parametrize(
    ("cuda", "torch", "name"),
    [
        ("", "2.1.2", "onnxruntime>"),  # torch for the CPU
        ("12.1", "2.1.2", "onnxruntime>"),  # cuDNN 8, for which no package with CUDA 12 was built
        ("12.4", "2.5.1+cu124", "onnxruntime-gpu>"),
        ("99.0", "9.0", "onnxruntime>"),  # nobody has built one yet
    ],
)
def test_the_onnxruntime_that_fits_is_chosen(cuda: str, torch: str, name: str) -> None:
    """With a CUDA for which one is built it is the card's package, otherwise the one that always starts."""
    assert install.onnx_requirement({"torch": torch, "protobuf": "3.20.0"}, cuda).startswith(name)


def test_one_onnxruntime_is_enough() -> None:
    """Where any of its packages is there, no other is put over it, and a package in an older version stays as it is."""
    brought = ("filelock", "open-clip-torch", "optuna", "safetensors", "threadpoolctl", "torch", "numpy")
    here = dict.fromkeys(brought, "0.1")

    assert [] == install.missing_packages({**here, "onnxruntime-directml": "1.17"})
    assert ["onnxruntime"] == [install.name_of(each) for each in install.missing_packages(here)]


def test_what_is_the_hosts_is_never_brought_in() -> None:
    """Without torch or numpy nothing is asked for that would bring them."""
    named = [install.name_of(each) for each in install.missing_packages({})]

    assert ["filelock", "optuna", "safetensors", "threadpoolctl"] == named


def test_every_readable_version_is_held() -> None:
    """Each installed distribution is pinned for pip; a version that pip cannot compare is left out."""
    versions = {"torch": "2.1.2+cu121", "gradio": "3.41.2", "odd": "unknown", "late": "1.0.post1", "early": "2.0rc1"}

    assert ["early==2.0rc1", "gradio==3.41.2", "late==1.0.post1", "torch==2.1.2+cu121"] == install.constraint_lines(
        versions
    )


def test_it_wants_what_the_package_needs() -> None:
    """What pyproject.toml asks for is asked for here, but for what every WebUI brings."""
    asked = (ROOT / "pyproject.toml").read_text("utf-8").split("dependencies = [")[1].split("]")[0]
    brought = {"numpy", "pillow", "torch", "onnxruntime"}
    needed = {line.split('"')[1] for line in asked.splitlines() if '"' in line}

    assert {each for each in needed if install.name_of(each) not in brought} == set(install.WANTED)
