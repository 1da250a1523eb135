"""NovelAI's pictures, of all generations of its models.

PNG texts "Software", "Source", "Description" and "Comment", the last a JSON object; version 4 and later put structured
prompts with one caption a character under `v4_prompt` and `v4_negative_prompt` (docs.novelai.net, image metadata).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterprompt.imagefile.programs.emphasis_notes import note_as_written
from counterprompt.imagefile.programs.json_object import (
    pick_list,
    pick_number,
    pick_object,
    pick_text,
    read_json_object,
)
from counterprompt.imagefile.programs.novelai_infotext import is_novelai, render_novelai
from counterprompt.imagefile.programs.reading import ProgramReading, compose_reading, encodable
from counterprompt.imagefile.programs.wording import sampler_label, schedule_label
from counterprompt.infotext.parse import parse_infotext
from counterprompt.infotext.render import render_infotext
from counterprompt.prompts.novelai_emphasis import translate_novelai

if TYPE_CHECKING:
    from counterprompt.imagefile.texts import EmbeddedTexts
    from counterprompt.infotext.params import GenerationParams

_PROGRAM = "NovelAI"
_PLACED = "The characters' places in the picture are not part of an infotext."


def read_novelai(embedded: EmbeddedTexts) -> ProgramReading | None:
    """Read NovelAI's texts; None where another program made the picture or they hold no settings.

    The infotext is the one that the WebUI's PNG Info gives (1.10.1, modules/images.py), but with NovelAI's emphasis in
    the WebUI's words; the notes have the prompts as written. The values go further where the picture says more than
    the WebUI reads: characters' captions, the schedule, the model.

    Raises:
        InvalidInputError: a text is too long.
    """
    if not is_novelai(embedded.texts):
        return None
    comment = read_json_object(embedded.texts.get("Comment")) or {}
    rendered = render_novelai(embedded.texts, (embedded.width, embedded.height))
    told = None if rendered is None else _put_emphasis(parse_infotext(encodable(rendered)), comment)
    if told is not None and not {"v4_prompt", "noise_schedule"} & set(comment):
        return told
    reading = _read_settings(embedded, comment)
    if not reading.params.prompt and not comment:
        return None
    return reading if told is None else ProgramReading(_PROGRAM, told.infotext, reading.params, reading.notes)


def _put_emphasis(written: GenerationParams, comment: dict[str, Any]) -> ProgramReading:
    """The infotext that the WebUI gives, with the emphasis in its words."""
    before = (written.prompt, written.negative_prompt)
    gen_params = written.with_prompts(*(_translate(text, comment) for text in before))
    after = (gen_params.prompt, gen_params.negative_prompt)
    return ProgramReading(_PROGRAM, render_infotext(gen_params), gen_params, note_as_written(_PROGRAM, before, after))


def _translate(prompt: str, comment: dict[str, Any]) -> str:
    return translate_novelai(prompt, has_numbers="v4_prompt" in comment)


def _read_settings(embedded: EmbeddedTexts, comment: dict[str, Any]) -> ProgramReading:
    fields = {
        "Steps": pick_number(comment, "steps"),
        "Sampler": sampler_label(pick_text(comment, "sampler")),
        "Schedule type": schedule_label(pick_text(comment, "noise_schedule")),
        "CFG scale": pick_number(comment, "scale"),
        "Seed": pick_number(comment, "seed"),
        "Size": f"{embedded.width}x{embedded.height}",
        "Model": embedded.texts.get("Source", ""),
        "Denoising strength": pick_number(comment, "strength"),
        "CFG Rescale": pick_number(comment, "cfg_rescale") or None,
    }
    prompts = _read_captions(comment, "v4_prompt") or [
        pick_text(comment, "prompt") or embedded.texts.get("Description", "")
    ]
    negative_prompts = _read_captions(comment, "v4_negative_prompt") or [pick_text(comment, "uc")]
    written = ", ".join(prompts), ", ".join(negative_prompts)
    prompt, negative_prompt = (
        ", ".join(_translate(text, comment) for text in texts) for texts in (prompts, negative_prompts)
    )
    notes = note_as_written(_PROGRAM, written, (prompt, negative_prompt))
    if pick_object(comment, "v4_prompt").get("use_coords") is True:
        notes = (_PLACED, *notes)
    return compose_reading(_PROGRAM, prompt, negative_prompt, fields, notes)


def _read_captions(comment: dict[str, Any], key: str) -> list[str]:
    """The base caption and each character's; joined with commas they are one prompt."""
    caption = pick_object(pick_object(comment, key), "caption")
    characters = (pick_text(character, "char_caption") for character in pick_list(caption, "char_captions"))
    texts = (text.strip().rstrip(",") for text in (pick_text(caption, "base_caption"), *characters))
    return [text for text in texts if text]
