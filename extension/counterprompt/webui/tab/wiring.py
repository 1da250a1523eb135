"""Events that validate, report and never break the page."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

import gradio

from counterprompt.errors import CounterpromptError
from counterprompt.webui.tab.pieces import render_note

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from counterprompt.webui.tab.words import Words


class Wiring:
    """Registers events of the tab; a fault of ours ends as a note in the tab and once in the console."""

    def __init__(self, words: Words, report_fault: Callable[[str], None]) -> None:
        self._words = words
        self._report_fault = report_fault
        self._reported: set[str] = set()

    def on(
        self,
        trigger: Callable[..., Any],
        work: Callable[..., dict[Any, Any]],
        inputs: Sequence[Any],
        outputs: Sequence[Any],
        note: Any,
        *,
        is_quiet: bool = False,
        is_asked_for: bool = True,
    ) -> Any:
        """Let *trigger*, such as `button.click`, do *work*, which returns components with their new values.

        *note* is the HTML component that shows what went wrong, emptied where nothing did and *work* says nothing of
        it. A quiet event takes no place in the host's queue and shows no progress; one that nobody asked for leaves
        the note of another.
        """
        quiet: dict[str, Any] = {"queue": False} if is_quiet else {}
        return trigger(
            fn=self._shielded(work, note, {note: ""} if is_asked_for else {}),
            inputs=list(inputs),
            outputs=[*outputs, *([] if note in outputs else [note])],
            show_progress="hidden" if is_quiet else "minimal",
            api_name=False,
            **quiet,
        )

    def _shielded(
        self, work: Callable[..., dict[Any, Any]], note: Any, cleared: dict[Any, str]
    ) -> Callable[..., dict[Any, Any]]:
        def run(*values: Any) -> dict[Any, Any]:
            try:
                return {**cleared, **work(*values)}
            except CounterpromptError as error:
                return {note: render_note(self._words(str(error)), "error")}
            except Exception as error:  # whatever broke in our tab must not break the page
                self._tell_console(error)
                said = self._words(
                    "This broke inside ({fault}); the console has the details, please report them.",
                    fault=f"{type(error).__name__}: {error}",
                )
                return {note: render_note(said, "error")}

        return run

    def _tell_console(self, error: Exception) -> None:
        key = f"{type(error).__name__}: {error}"
        if key not in self._reported:
            self._reported.add(key)
            self._report_fault("".join(traceback.format_exception(type(error), error, error.__traceback__)))


def unsaved(component: Any) -> Any:
    """Keep the host from writing *component* into its ui-config.json, and return it."""
    component.do_not_save_to_config = True
    return component


def html(value: str, elem_id: str) -> Any:
    """Make a place for HTML of ours."""
    return unsaved(gradio.HTML(value, elem_id=elem_id))
