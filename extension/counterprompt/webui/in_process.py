"""Generates pictures inside the WebUI's own process: an ImageGenerator over the host's `process_images`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from counterprompt.errors import CounterpromptError, GeneratorError
from counterprompt.webui import served
from counterprompt.webui.batches import batches, negative_length
from counterprompt.webui.blueprints import Blueprint, SettingsBlueprint, UserBlueprint
from counterprompt.webui.kept_state import Weights, host_state_kept, load_loras, loaded_loras, own_prompt_caches
from counterprompt.webui.stop_switch import StopSwitch
from counterprompt.webui.turns import LentTurn, QueuedTurn, Turn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PIL import Image

    from counterprompt.ports import GenerationRequest

CLIP_SKIP_OPTION = "CLIP_stop_at_last_layers"


class InProcessGenerator:
    """An ImageGenerator on the WebUI that this code runs in."""

    def __init__(
        self,
        fields: Mapping[str, Any] | None = None,
        *,
        batch_size: int = 4,
        blueprint: Blueprint | None = None,
        turn: Turn | None = None,
    ) -> None:
        """Prepare to generate in the background; nothing is asked of the host yet.

        Args:
            fields: arguments of the host's txt2img object for what a request does not say, such as "styles".
            batch_size: how many pictures one call may ask for, at least 1; the card's memory is the limit.
            blueprint: gives the objects to generate with, instead of *fields*.
            turn: how to wait for others; the host's queue by default.
        """
        self._blueprint = blueprint or SettingsBlueprint(fields)
        self._turn = turn or QueuedTurn()
        self._batch_size = max(1, batch_size)
        self._caches: dict[str, list[None]] = {}
        self._loras_before: Weights | None = None
        self._has_drawn = False
        self._switch = StopSwitch()

    @classmethod
    def for_script(cls, p: Any, *, batch_size: int = 4) -> InProcessGenerator:
        """Prepare to generate inside a Script's `run`, with everything that the user has set in *p*."""
        return cls(blueprint=UserBlueprint(p), turn=LentTurn(), batch_size=batch_size)

    @property
    def name(self) -> str:
        """What it is, for reports."""
        return "webui: this one"

    @property
    def batch_size(self) -> int:
        """How many requests are best given at once."""
        return self._batch_size

    def checkpoint_name(self) -> str:
        """Name the checkpoint that is loaded."""
        return served.checkpoint_name()

    def lora_names(self) -> frozenset[str] | None:
        """Name the LoRAs that the host can load, also by their aliases; None where it cannot tell."""
        return served.lora_names()

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Generate one RGB picture per request, in order; seeds and negative prompts share a call.

        Raises:
            GeneratorError: the host failed, or lacks a sampler, schedule type or LoRA, which it would silently replace.
            StoppedError: the user pressed Interrupt, or `interrupt` was called.
            MemoryError, RuntimeError: memory ran out.
        """
        for request in {replace(request, seed=0, negative_prompt="") for request in requests}:
            served.refuse_unserved(request)
        pictures: list[Image.Image] = []
        for batch in batches(requests, self._batch_size, negative_length):
            self._switch.refuse_if_pressed()
            pictures.extend(self._drawn(batch))
        return pictures

    def _drawn(self, batch: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Draw *batch*, once more where the user pressed Skip: half-drawn pictures are thrown away, never scored."""
        while (drawn := self._turn.take(partial(self._draw, batch))) is None:
            self._switch.refuse_if_pressed()
        return drawn

    def interrupt(self) -> None:
        """End the batch in hand within one step, and every later one; safe from any thread, heard by nobody else."""
        self._switch.press()

    def close(self) -> None:
        """Load the LoRAs that were loaded before the first batch, when it is our turn."""
        if self._has_drawn and self._loras_before is not None:
            self._turn.take(partial(load_loras, self._loras_before))
            self._has_drawn = False

    def _draw(self, batch: Sequence[GenerationRequest]) -> list[Image.Image] | None:
        """Draw *batch* in our turn; None where it was skipped."""
        from modules import processing, shared

        if not self._has_drawn:
            self._loras_before = loaded_loras()
            self._has_drawn = True
        p = self._prepared(batch)
        try:
            with self._switch.drawing(), host_state_kept(tuple(p.override_settings)):
                processed = processing.process_images(p)
            if shared.state.skipped:
                return None
        except CounterpromptError:
            raise
        except Exception as error:
            raise _translated(error) from error
        return _pictures_of(processed, len(batch))

    def _prepared(self, batch: Sequence[GenerationRequest]) -> Any:
        p = self._blueprint.fresh()
        fill_in(p, batch)
        self._caches = self._caches or own_prompt_caches(p)
        for name, cache in self._caches.items():
            setattr(p, name, cache)
        return p


def fill_in(p: Any, batch: Sequence[GenerationRequest]) -> None:
    """Make *p* draw *batch*, whose requests differ in nothing but seed and negative prompt, and save nothing."""
    request = batch[0]
    p.prompt = [each.prompt for each in batch]
    p.negative_prompt = [each.negative_prompt for each in batch]
    p.seed = [each.seed for each in batch]
    p.subseed = [p.subseed] * len(batch)
    p.batch_size, p.n_iter = len(batch), 1
    p.steps, p.cfg_scale = request.steps, request.cfg_scale
    p.sampler_name, p.scheduler = request.sampler_name, request.scheduler or "Automatic"
    p.width, p.height = request.width, request.height
    p.s_min_uncond = 0  # above 0 the negative prompt is mute in some steps
    p.do_not_save_samples = p.do_not_save_grid = True
    _set_clip_skip(p, request.clip_skip)


def _set_clip_skip(p: Any, clip_skip: int) -> None:
    from modules.shared import opts

    if getattr(opts, CLIP_SKIP_OPTION, clip_skip) != clip_skip or CLIP_SKIP_OPTION in p.override_settings:
        p.override_settings[CLIP_SKIP_OPTION] = clip_skip


def _translated(error: Exception) -> Exception:
    """Return an out-of-memory error as it is, so that a smaller batch is tried; put others into words."""
    from counterprompt.memory import is_out_of_memory

    if is_out_of_memory(error):
        from modules import devices

        devices.torch_gc()
        return error
    said = " ".join(str(error).split())[:300]
    return GeneratorError(f"The WebUI failed to draw ({type(error).__name__}: {said}); look at its console.")


def _pictures_of(processed: Any, count: int) -> list[Image.Image]:
    if processed is None:
        raise GeneratorError("The WebUI drew nothing, as if no checkpoint were loaded; choose one and start again.")
    first = getattr(processed, "index_of_first_image", 0) or 0
    images = list(processed.images)[first : first + count]
    if len(images) != count:
        raise GeneratorError(f"The WebUI drew {len(images)} of {count} pictures; look at its console.")
    return [image.convert("RGB") for image in images]
