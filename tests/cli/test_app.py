"""The command table."""

from __future__ import annotations

import pytest

typer = pytest.importorskip("typer")

COMMANDS = ("demo", "read", "tag", "diff", "advise", "tune", "resume", "report", "doctor", "miniature")


def _groups(command: object) -> list[object]:
    children = getattr(command, "commands", {})
    return [command, *(each for child in children.values() for each in _groups(child))]


def test_every_command_and_option_has_help():
    """No command, argument or option is left without a sentence."""
    from counterprompt.cli.app import app

    commands = _groups(typer.main.get_command(app))
    silent = [
        f"{command.name} {param.name}"
        for command in commands
        for param in command.params
        if param.name != "help" and not getattr(param, "help", None)
    ]

    assert [] == silent + [command.name for command in commands if not command.help]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_shown(run, command: str):
    """Each command explains itself."""
    finished = run(command, "--help")

    assert 0 == finished.code
    assert "Usage:" in finished.out


def test_the_version_is_told(run):
    """--version names program and version."""
    assert run("--version").out.startswith("counterprompt 0.")
