"""Generation parameters: what an infotext says, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.infotext.fields import LABELS, read_hashes, read_integer, read_number, read_size
from counterprompt.infotext.first_pass import first_pass_size
from counterprompt.infotext.samplers import split_sampler
from counterprompt.infotext.scan import is_field_label

if TYPE_CHECKING:
    from counterprompt.infotext.layout import InfotextLayout


@dataclass(frozen=True)
class GenerationParams:
    """The prompts and fields of one picture. Typed properties are None where the field is absent or unreadable."""

    prompt: str
    """Positive prompt with all its syntax; may be empty."""
    negative_prompt: str = ""
    """Negative prompt with all its syntax; may be empty."""
    fields: tuple[tuple[str, str], ...] = ()
    """Label and unquoted text of each field of the parameter line, in order; a label may come twice."""
    layout: InfotextLayout | None = field(default=None, compare=False, repr=False)
    """The characters these values were read from; None for values made here."""

    def text(self, label: str) -> str | None:
        """Return the text of the field *label*, or None where it is absent; the last of several counts."""
        return self._texts.get(label)

    @cached_property
    def _texts(self) -> dict[str, str]:
        return dict(self.fields)

    def with_prompts(self, prompt: str | None = None, negative_prompt: str | None = None) -> GenerationParams:
        """Copy with other prompts; None keeps the one there is."""
        return replace(
            self,
            prompt=self.prompt if prompt is None else prompt,
            negative_prompt=self.negative_prompt if negative_prompt is None else negative_prompt,
        )

    def with_field(self, label: str, text: str) -> GenerationParams:
        """Copy with the field *label* set to *text*, in its place where it exists and at the end otherwise.

        Raises:
            InvalidInputError: the WebUI could not read such a label back.
        """
        if not is_field_label(label):
            raise InvalidInputError(
                f"The field label {label!r} cannot be read back; use letters, digits, spaces, - and /, two or more."
            )
        if self.text(label) is None:
            return replace(self, fields=(*self.fields, (label, text)))
        return replace(self, fields=tuple((key, text if key == label else old) for key, old in self.fields))

    def without_field(self, label: str) -> GenerationParams:
        """Copy without the field *label*."""
        return replace(self, fields=tuple(pair for pair in self.fields if pair[0] != label))

    @property
    def steps(self) -> int | None:
        """Sampling steps."""
        return read_integer(self.text(LABELS["steps"]))

    @property
    def sampler_name(self) -> str | None:
        """The sampler's label as written; before WebUI 1.9 it ends in the schedule type ("DPM++ 2M Karras")."""
        return self.text(LABELS["sampler_name"])

    @property
    def scheduler(self) -> str | None:
        """The schedule type's label as written; absent before WebUI 1.9."""
        return self.text(LABELS["scheduler"])

    @property
    def sampler_and_scheduler(self) -> tuple[str | None, str]:
        """Sampler and schedule type in today's labels: an old "DPM++ 2M Karras" gives ("DPM++ 2M", "Karras")."""
        return split_sampler(self.sampler_name, self.scheduler)

    @property
    def cfg_scale(self) -> float | None:
        """Guidance strength, unitless."""
        return read_number(self.text(LABELS["cfg_scale"]))

    @property
    def seed(self) -> int | None:
        """Seed of this picture."""
        return read_integer(self.text(LABELS["seed"]))

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height in pixels as the infotext names them."""
        return read_size(self.text(LABELS["size"]))

    @property
    def first_pass_size(self) -> tuple[int, int] | None:
        """Width and height in pixels of the first pass in infotexts before 2023, where *size* is the upscaled one."""
        written = read_size(self.text(LABELS["first_pass_size"]))
        return first_pass_size(self.size, written)

    @property
    def width(self) -> int | None:
        """Pixels to generate at, before any hires fix."""
        size = self.first_pass_size or self.size
        return size[0] if size else None

    @property
    def height(self) -> int | None:
        """Pixels to generate at, before any hires fix."""
        size = self.first_pass_size or self.size
        return size[1] if size else None

    @property
    def model_hash(self) -> str | None:
        """Short hash of the checkpoint: 8 digits of the old kind, 10 of SHA-256."""
        return self.text(LABELS["model_hash"])

    @property
    def model_name(self) -> str | None:
        """File name of the checkpoint without its ending."""
        return self.text(LABELS["model_name"])

    @property
    def vae_hash(self) -> str | None:
        """Short hash of the VAE file."""
        return self.text(LABELS["vae_hash"])

    @property
    def vae_name(self) -> str | None:
        """File name of the VAE."""
        return self.text(LABELS["vae_name"])

    @property
    def denoising_strength(self) -> float | None:
        """0 to 1; present for img2img and hires fix."""
        return read_number(self.text(LABELS["denoising_strength"]))

    @property
    def clip_skip(self) -> int | None:
        """The text encoder's layer from the end; the WebUI leaves it out at 1."""
        return read_integer(self.text(LABELS["clip_skip"]))

    @property
    def subseed(self) -> int | None:
        """Seed of the variation."""
        return read_integer(self.text(LABELS["subseed"]))

    @property
    def subseed_strength(self) -> float | None:
        """0 to 1; how far the variation goes."""
        return read_number(self.text(LABELS["subseed_strength"]))

    @property
    def hires_upscale(self) -> float | None:
        """Factor of the hires fix."""
        return read_number(self.text(LABELS["hires_upscale"]))

    @property
    def hires_upscaler(self) -> str | None:
        """Label of the hires fix's upscaler."""
        return self.text(LABELS["hires_upscaler"])

    @property
    def lora_hashes(self) -> dict[str, str]:
        """LoRA name to short hash; `fields.HASH_OF_NOTHING` stands for a file that could not be hashed."""
        return read_hashes(self.text(LABELS["lora_hashes"]))

    @property
    def embedding_hashes(self) -> dict[str, str]:
        """Textual-inversion embedding name to short hash."""
        return read_hashes(self.text(LABELS["embedding_hashes"]))

    @property
    def version(self) -> str | None:
        """Version of the program that made the picture."""
        return self.text(LABELS["version"])
