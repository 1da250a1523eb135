"""The selectable script "Counterprompt: tune": Generate searches with everything that is set in txt2img.

What it does stands in `tune_run.py`, which is loaded with the first study: the host loads this file at every start.
"""

from __future__ import annotations

from typing import Any

TITLE = "Counterprompt: tune"
"""What API calls name it by; never change it."""


class TuneScript:
    """What the entry joins with the host's Script class; its arguments are in the order of the panel's controls."""

    is_of_counterprompt = True

    _is_on_page = False
    _unseen: list[Any] | None = None

    def title(self) -> str:
        """Return the script's name in the list."""
        return TITLE

    def show(self, is_img2img: bool) -> bool:
        """Offer it in txt2img alone."""
        return not is_img2img

    def ui(self, is_img2img: bool) -> list[Any]:
        """Build the controls and return those whose values `run` gets.

        A host asks the same script twice more for what an API call begins with; nobody sees these controls.
        """
        from counterprompt.webui.tune_panel import build_controls, build_panel

        if self._is_on_page:
            self._unseen = self._unseen or build_controls()
            return self._unseen
        self._is_on_page = True
        return build_panel()

    def run(self, p: Any, *arguments: Any) -> Any:
        """Run the study and return the winner's pictures beside the user's own; None lets the host generate as ever."""
        if getattr(p, "txt2img_upscale", False):
            return None
        from counterprompt.webui.tune_run import run_tune

        return run_tune(p, *arguments)
