"""What one job is, and what a job file holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class JobGenerator:
    """What draws for a job. Holds no secret."""

    kind: str = "miniature"
    """"miniature", "diffusers", "webui" or "fake"."""
    urls: tuple[str, ...] = ()
    """Addresses of WebUIs that draw together."""
    auth_variable: str = ""
    """Environment variable that holds USER:PASSWORD of the WebUIs, or ""."""
    checkpoint: str = ""
    """Checkpoint file for diffusers."""
    lora_folder: str = ""
    """Folder of LoRA files for diffusers."""


@dataclass(frozen=True)
class Job:
    """One study to run. Where a value is None, the picture, the rules or the command's default decide."""

    name: str
    """No two jobs of a file have the same; also the name of its study's folder."""
    generator: JobGenerator
    """What draws."""
    picture: str = ""
    """Path of the picture to tune, or "" where the job has a prompt."""
    prompt: str = ""
    """Positive prompt, or "" where the job has a picture."""
    negative_prompt: str = ""
    """Negative prompt that goes with the prompt."""
    seed: int = 1
    """Seed that goes with the prompt, 0 to 2**32 - 1."""
    cfg_scale: float | None = None
    """CFG scale that goes with the prompt."""
    budget: int = 480
    """Most pictures for search and proof."""
    minutes: float | None = None
    """Most minutes, or None where pictures alone are counted."""
    search_seeds: int | None = None
    """Seeds that all candidates share."""
    held_out: int | None = None
    """Fresh seeds that prove the gain."""
    steps: int | None = None
    """Sampling steps."""
    sampler: str | None = None
    """The WebUI's label."""
    size: tuple[int, int] | None = None
    """Width and height in pixels."""
    search_seed: int = 0
    """The same seed searches the same way."""
    stop_early: bool = True
    """Whether the search ends when nothing left to try is likely to gain anything worthwhile."""
    controls: bool = True
    """Whether an empty and a popular negative are measured too."""
    cfg_range: tuple[float, float] | None = None
    """Lowest and highest CFG scale to try."""
    lora_range: tuple[float, float] | None = None
    """Lowest and highest weight to try for every LoRA that has no range of its own."""
    lora_ranges: tuple[tuple[str, tuple[float, float]], ...] = ()
    """LoRA name and the weights to try."""
    weights: tuple[tuple[str, float], ...] = ()
    """Component of the objective and how much it counts."""
    guards: tuple[tuple[str, float], ...] = ()
    """Guard and how far it may move before it is broken."""
    auditor: str = ""
    """What is kept out of the objective and looks at the proof, or ""."""
    preference: str = ""
    """Preference model that joins the scorer, or ""."""
    tag_artifacts: bool = False
    """Whether the tagger's defect tags count as artifacts."""
    look_again: bool = False
    """Whether pictures of the best candidates are looked at while the search runs."""
    schedules: bool = False
    """Whether the leading candidate is tried with its words acting late or only at first."""
    anti_prompt: bool = False
    """Whether the model is asked for the opposite of the prompt."""
    tagger: str = ""
    """Folder, file or name of a tagger, or "" for the usual one."""
    scorer: str = ""
    """Folder of a scorer, or "" for the usual one."""


@dataclass(frozen=True)
class JobFile:
    """What one job file asks for."""

    path: Path
    """Where it lies."""
    output: Path
    """Folder for the studies and the summary."""
    jobs: tuple[Job, ...]
    """In the order in which they run; at least one."""
