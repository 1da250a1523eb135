"""Which requests may share one call of the host without changing each other's pictures."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from counterprompt.ports import GenerationRequest

Length = int | str
"""How much room a negative prompt takes in the text encoder; a text where only the same one takes as much."""


def batches(
    requests: Sequence[GenerationRequest], largest: int, length_of: Callable[[str], Length]
) -> Iterator[list[GenerationRequest]]:
    """Cut *requests*, whose order stays, where anything but seed and negative prompt changes.

    Negative prompts share a call where *length_of* them is the same: the host pads the shorter ones of a batch, which
    changes their pictures.
    """
    batch: list[GenerationRequest] = []
    for request in requests:
        if batch and (len(batch) == largest or _kind(request, length_of) != _kind(batch[0], length_of)):
            yield batch
            batch = []
        batch.append(request)
    if batch:
        yield batch


def negative_length(text: str) -> Length:
    """Count the tokens of the chunks that *text* fills in the host's text encoder.

    The text itself stands where the host cannot say or the text changes while it is drawn.
    """
    if "[" in text or "BREAK" in text:
        return text
    try:
        _, longest = _prompt_lengths(text)
        return int(longest)
    except Exception:  # whatever a host does differently costs speed, not pictures
        return text


def _prompt_lengths(text: str) -> Any:
    """Return tokens and room of *text*, as one of three hosts counts them: Forge, reForge, AUTOMATIC1111."""
    from modules import shared
    from modules.sd_hijack import model_hijack

    on_ui = getattr(shared.sd_model, "get_prompt_lengths_on_ui", None)
    if on_ui:
        return on_ui(text)
    wants_encoder = "cond_stage_model" in inspect.signature(model_hijack.get_prompt_lengths).parameters
    encoder = (shared.sd_model.cond_stage_model,) if wants_encoder else ()
    return model_hijack.get_prompt_lengths(text, *encoder)


def _kind(request: GenerationRequest, length_of: Callable[[str], Length]) -> tuple[GenerationRequest, Length]:
    return replace(request, seed=0, negative_prompt=""), length_of(request.negative_prompt)
