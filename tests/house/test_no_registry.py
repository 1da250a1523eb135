"""What the repository must not hold: lock files, and the names of package registries."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REGISTRY_HOSTS = tuple(
    b".".join(names)
    for names in (
        (b"pypi", b"org"),
        (b"pythonhosted", b"org"),
        (b"download", b"pytorch", b"org"),
        (b"registry", b"npmjs", b"org"),
        (b"registry", b"yarnpkg", b"com"),
        (b"anaconda", b"org"),
        (b"crates", b"io"),
    )
)
LOCK_FILES = {"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "package-lock.json", "yarn.lock", "pylock.toml"}


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    """Every file that git tracks and that is there."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False
    )
    if listing.returncode:
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listing.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_no_tracked_file_names_a_registry(tracked: list[Path]) -> None:
    """Where packages come from is the user's setting, not ours."""
    naming = [path.name for path in tracked if any(host in path.read_bytes() for host in REGISTRY_HOSTS)]

    assert [] == naming


def test_no_lock_file_is_tracked(tracked: list[Path]) -> None:
    """Lock files name the registry that they were made with."""
    assert [] == [path.name for path in tracked if path.name in LOCK_FILES]
