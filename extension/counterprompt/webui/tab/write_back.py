"""Writing into txt2img: the negative prompt, the CFG scale and LoRA weights inside the prompt, and nothing else."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from counterprompt.errors import InvalidInputError
from counterprompt.prompts.extra_networks import LORA_KINDS, find_extra_networks, with_lora_weight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterprompt.webui.tab.txt2img_fields import CfgSteps

LONGEST_PROMPT: Final = 100_000
"""Characters of a field that are taken from a browser."""


@dataclass(frozen=True)
class FieldTexts:
    """What stands in the three fields."""

    prompt: str
    """Positive prompt."""
    negative_prompt: str
    """Negative prompt."""
    cfg_scale: float
    """CFG scale."""


@dataclass(frozen=True)
class Written:
    """One write-back, so that it can be undone and repeated."""

    before: FieldTexts
    """What stood there."""
    after: FieldTexts
    """What was put there."""
    source: str = ""
    """Where it came from, for people."""


@dataclass(frozen=True)
class Winner:
    """What a study found."""

    prompt: str
    """The studied prompt with the weights that were found."""
    negative_prompt: str
    """Negative prompt."""
    cfg_scale: float
    """CFG scale, not rounded."""
    loras: tuple[tuple[str, float], ...] = ()
    """LoRA name and weight."""


def fields_from(prompt: object, negative_prompt: object, cfg_scale: object) -> FieldTexts:
    """Check what a browser says stands in the fields.

    Raises:
        InvalidInputError: a prompt is no text or too long, or the CFG scale is no number from 0 to 100.
    """
    for text in (prompt, negative_prompt):
        if not isinstance(text, (str, type(None))) or len(text or "") > LONGEST_PROMPT:
            raise InvalidInputError(
                f"A prompt of txt2img is no text of at most {LONGEST_PROMPT} characters; shorten it."
            )
    is_number = isinstance(cfg_scale, (int, float)) and not isinstance(cfg_scale, bool) and 0 <= cfg_scale <= 100
    if not is_number:
        raise InvalidInputError("The CFG scale of txt2img is no number from 0 to 100; set it again.")
    return FieldTexts(str(prompt or ""), str(negative_prompt or ""), float(str(cfg_scale)))


def with_winner(now: FieldTexts, winner: Winner, steps: CfgSteps) -> FieldTexts:
    """Return the fields with *winner* in them.

    The prompt keeps every byte but the weights of LoRAs that the winner knows; an empty prompt gets the studied one,
    since nothing could be generated without.
    """
    prompt = _with_weights(now.prompt, winner) if now.prompt.strip() else winner.prompt
    return FieldTexts(prompt, winner.negative_prompt, steps.nearest(winner.cfg_scale))


def with_prompts(now: FieldTexts, prompt: str, negative_prompt: str) -> FieldTexts:
    """Return the fields with other prompts; the CFG scale stays."""
    return FieldTexts(prompt, negative_prompt, now.cfg_scale)


def _with_weights(prompt: str, winner: Winner) -> str:
    present = {tag.name for tag in find_extra_networks(prompt) if tag.kind in LORA_KINDS}
    for name, weight in winner.loras:
        if name in present:
            prompt = with_lora_weight(prompt, name, weight)
    return prompt


def written_to_json(written: Written) -> dict[str, Any]:
    """Return *written* as values that JSON knows."""
    return asdict(written)


def written_from_json(values: Mapping[str, Any]) -> Written:
    """Read what `written_to_json` wrote.

    Raises:
        InvalidInputError: it is damaged.
    """
    try:
        before, after = (fields_from(**values[name]) for name in ("before", "after"))
        return Written(before, after, str(values.get("source", "")))
    except (KeyError, TypeError) as error:
        raise InvalidInputError("The record of what was written is damaged; write the winner again.") from error
