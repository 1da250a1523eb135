"""The console entry point: runs the commands and turns every error into one plain sentence and an exit code."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Sequence

from counterprompt.errors import CounterpromptError, MissingModelError, StoppedError

DEBUG_VARIABLE = "COUNTERPROMPT_DEBUG"
"""Set to 1, it shows the traceback of an error."""

_FAULTS_OF_THE_DISK = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EIO, errno.ENAMETOOLONG),
    getattr(errno, "EDQUOT", errno.ENOSPC),  # Windows knows none
}


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command line with *arguments* (default: the process's) and exit the process with its code."""
    sys.exit(exit_code_of(sys.argv[1:] if arguments is None else list(arguments)))


def exit_code_of(arguments: Sequence[str]) -> int:
    """Run the command line with *arguments* and return its exit code; errors go to standard error as one sentence."""
    try:
        return _invoke(arguments)
    except CounterpromptError as error:
        return _tell(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _tell("Stopped; nothing was changed.", StoppedError.exit_code)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - stays open so that Python's last flush cannot fail
        return 1
    except MemoryError:
        return _tell("There is not enough memory for this; close other programs or use smaller pictures.", 1)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _FAULTS_OF_THE_DISK:
            return _tell(_disk_sentence(error), 2)
        return _tell(
            f"Something went wrong inside Counterprompt ({type(error).__name__}: {_first_line(error)}); "
            f"set {DEBUG_VARIABLE}=1 to see where, and please report it.",
            1,
        )


def _invoke(arguments: Sequence[str]) -> int:
    try:
        import typer

        from counterprompt.cli.app import app
    except ModuleNotFoundError as error:
        if error.name not in {"typer", "rich", "click"}:
            raise
        raise MissingModelError(
            f"The package {error.name} is missing; install it with `pip install typer rich`."
        ) from error
    try:
        code = app(args=list(arguments), prog_name="counterprompt", standalone_mode=False)
    except typer.Abort as error:
        raise KeyboardInterrupt from error
    except typer.Exit as error:
        code = error.exit_code
    except Exception as error:
        if not _is_usage_error(error):
            raise
        return _tell_usage(error)
    if code == StoppedError.exit_code:  # what typer makes of Ctrl-C
        raise KeyboardInterrupt
    return code if isinstance(code, int) else 0


def _is_usage_error(error: Exception) -> bool:
    # Typer brings its own copy of click in newer versions, so the class cannot be named here.
    return hasattr(error, "format_message") and hasattr(error, "exit_code")


def _tell_usage(error: Exception) -> int:
    if type(error).__name__ != "NoArgsIsHelpError":
        return _tell(_usage_sentence(error), 2)
    sys.stderr.write(f"{str(error.format_message()).rstrip()}\n")  # type: ignore[attr-defined]
    return 2


def _usage_sentence(error: Exception) -> str:
    message = _with_value(str(error.format_message()), error.__cause__).rstrip(".")  # type: ignore[attr-defined]
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "counterprompt"
    return f"{message}; `{command} --help` shows what is possible."


def _with_value(message: str, cause: object) -> str:
    """Name the value that newer versions of typer leave out: "Input should be ..."."""
    if not hasattr(cause, "errors"):
        return message
    return message.replace("Input should", f"{cause.errors()[0]['input']!r} should", 1)


def _disk_sentence(error: OSError) -> str:
    place = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else "A file"
    return (
        f"{place} cannot be read or written ({error.strerror}); check its permissions and the free space on its disk."
    )


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else "no message"


def _tell(sentence: str, code: int) -> int:
    if os.environ.get(DEBUG_VARIABLE) == "1" and sys.exc_info()[0] is not None:
        traceback.print_exc()
    sys.stderr.write(" ".join(sentence.split()) + "\n")
    return code
