"""Documentation that fails when it lies: the command line, the two commands of the README, the links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from counterprompt.cli.app import app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
REFERENCE = (ROOT / "docs" / "commands.md").read_text("utf-8")
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def _commands(command: Any, name: str = "counterprompt") -> Iterator[tuple[str, Any]]:
    yield name, command
    for word, child in getattr(command, "commands", {}).items():
        yield from _commands(child, f"{name} {word}")


COMMANDS = dict(_commands(typer.main.get_command(app)))
SECTIONS = dict(re.findall(r"^#+ `(counterprompt[^`]*)`\n(.*?)(?=^#+ `|\Z)", REFERENCE, re.MULTILINE | re.DOTALL))


def _options(command: Any) -> set[str]:
    return {flag for param in command.params for flag in (*param.opts, *param.secondary_opts) if flag.startswith("--")}


def test_the_reference_has_a_section_for_every_command() -> None:
    """docs/commands.md documents what the command line offers, and nothing else."""
    assert set(COMMANDS) == set(SECTIONS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_documented(name: str) -> None:
    """A command's section names each of its options, and no option that it does not have."""
    entries = re.findall(r"^\* `(-[^`]*)`", SECTIONS.get(name, ""), re.MULTILINE)
    documented = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", " ".join(entries)))

    assert _options(COMMANDS[name]) == documented - {"--help"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_parameter_has_help(name: str) -> None:
    """--help says of each command, argument and option what it does."""
    command = COMMANDS[name]
    texts = {name: command.help} | {param.name: getattr(param, "help", None) for param in command.params}

    assert [] == [key for key, text in texts.items() if not text and key != "help"]


@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if not hasattr(command, "commands")])
def test_the_readme_names_every_command(name: str) -> None:
    """Whoever reads only the README has heard of each command."""
    assert f"`{name.removeprefix('counterprompt ')}" in README


@pytest.mark.parametrize("command", ["pip install uv && uv run counterprompt demo", "pip install uv && uv run pytest"])
def test_the_readme_holds_the_two_commands(command: str) -> None:
    """The README's first steps are two lines that bring their own tools."""
    assert command in README


def test_ci_runs_the_test_command_of_the_readme() -> None:
    """What the README promises is what CI runs."""
    assert "pip install uv && uv run pytest" in (ROOT / ".ci" / "run").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_files_hold(page: Path) -> None:
    """Every relative link and picture of a page leads to a file of the repository."""
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))

    assert [] == [link for link in links if "://" not in link and not (page.parent / link).exists()]


def test_the_changelog_knows_this_version() -> None:
    """The changelog has a section for the version that the package states, or an Unreleased one before it."""
    from counterprompt import __version__

    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")

    assert f"## [{__version__}]" in changelog
