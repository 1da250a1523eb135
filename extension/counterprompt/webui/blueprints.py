"""Where a generation's settings come from: the user's own txt2img object, or a few fields."""

from __future__ import annotations

import copy
import random
from typing import TYPE_CHECKING, Any, Protocol

from counterprompt.webui.capabilities import capabilities

if TYPE_CHECKING:
    from collections.abc import Mapping

OUR_MARK = "is_of_counterprompt"
"""Attribute of our own Script classes: they are left out of what they start themselves."""


class Blueprint(Protocol):
    """Gives a new processing object for each call of the host, with all that a request does not say."""

    def fresh(self) -> Any:
        """Return a `StableDiffusionProcessingTxt2Img` that nobody else holds; our own scripts are not in it."""
        ...


class UserBlueprint:
    """Everything that the user has set in txt2img: styles, hires fix, other extensions and their arguments."""

    def __init__(self, p: Any) -> None:
        """Remember *p*, the object that a Script is given; it stays as it is."""
        self._p = p
        self._subseed = random.randrange(2**32) if p.subseed in (-1, None, "") else p.subseed

    def fresh(self) -> Any:
        """Return a copy of the user's object, as if it had just been made."""
        p = copy.copy(self._p)
        p.scripts = runner_without_ours(self._p.scripts)
        p.extra_generation_params = dict(self._p.extra_generation_params or {})
        p.override_settings = dict(self._p.override_settings or {})
        p.comments = {}
        p.subseed = self._subseed
        return p


class SettingsBlueprint:
    """Nothing but the host's defaults and a few fields; no other extension takes part."""

    def __init__(self, fields: Mapping[str, Any] | None = None) -> None:
        """Remember *fields*, arguments of the host's txt2img object; those that it does not know are left out."""
        self._fields = dict(fields or {})

    def fresh(self) -> Any:
        """Build a new object."""
        from modules import scripts, shared
        from modules.processing import StableDiffusionProcessingTxt2Img as Txt2Img

        known = {name: value for name, value in self._fields.items() if name in capabilities().txt2img_fields}
        p = Txt2Img(sd_model=shared.sd_model, **known)
        p.is_api = True  # before the scripts: they would overwrite what is asked for with what stands in the page
        p.scripts = runner_of_the_host(scripts.scripts_txt2img)
        p.script_args = ()
        p.subseed = 0
        return p


def runner_without_ours(runner: Any) -> Any:
    """Copy the host's *runner* without our own scripts; it is never None, which reForge could not bear."""
    return _filtered(runner, lambda script: not getattr(script, OUR_MARK, False))


def runner_of_the_host(runner: Any) -> Any:
    """Copy *runner* with the scripts that take nothing from the page, such as the one that strips comments."""
    return _filtered(
        runner,
        lambda script: (
            not getattr(script, OUR_MARK, False)
            and script.args_from == script.args_to
            and "processing_scripts" in str(script.filename)
        ),
    )


def _filtered(runner: Any, is_kept: Any) -> Any:
    copied = copy.copy(runner)
    copied.alwayson_scripts = [script for script in runner.alwayson_scripts if is_kept(script)]
    if hasattr(copied, "callback_map"):
        copied.callback_map = {}  # it remembers the scripts of the one that was copied
    return copied
