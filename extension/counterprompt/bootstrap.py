"""The one place that picks concrete adapters. Nothing heavy is imported before it is asked for."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterprompt import workflow
from counterprompt.errors import InvalidInputError, MissingModelError
from counterprompt.ports import GenerationRequest
from counterprompt.workflow import StudyAdapters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PIL import Image

    from counterprompt.imagefile.read import PictureReading
    from counterprompt.ports import ImageGenerator, ProgressListener, Scorer, Tagger
    from counterprompt.report.controls import Judge
    from counterprompt.settings import Settings
    from counterprompt.tags.observed import ObservedTags
    from counterprompt.workflow import PictureStory, TuneChoices

GENERATORS = ("miniature", "diffusers", "webui", "fake")
"""Kinds of generators, as `--generator` spells them; the fake one has a known optimum and draws nothing, for tests."""

MINIATURE_SIZE = (64, 64)
"""Pixels; the miniature knows no other."""

MINIATURE_STEPS = 10
"""Sampling steps that the miniature needs."""

DEMO_REQUEST = GenerationRequest(
    prompt="green person, sky background, <lora:striped:0.9>",
    negative_prompt="low quality",
    seed=7,
    steps=MINIATURE_STEPS,
    cfg_scale=7.0,
    width=MINIATURE_SIZE[0],
    height=MINIATURE_SIZE[1],
)
"""The demo's picture: people are what the miniature gets wrong most."""

DEFAULT_URL = "http://127.0.0.1:7860"
"""Where a WebUI listens unless told otherwise."""


@dataclass(frozen=True)
class GeneratorChoice:
    """Which generator to use. Holds no secret, so that it can be written down with the study."""

    kind: str = "miniature"
    """One of GENERATORS."""
    url: str = DEFAULT_URL
    """Address of the WebUI."""
    checkpoint: str = ""
    """Checkpoint file or folder for diffusers."""
    lora_folder: str = ""
    """LoRA files for diffusers."""

    def __post_init__(self) -> None:
        if self.kind not in GENERATORS:
            raise InvalidInputError(f"There is no generator {self.kind!r}; use one of {', '.join(GENERATORS)}.")
        if self.kind == "diffusers" and not self.checkpoint:
            raise InvalidInputError("The diffusers generator needs a checkpoint; name its file with --checkpoint.")

    def notes(self) -> dict[str, str]:
        """Return what a resumed study needs to find the generator again."""
        return {"generator": self.kind, "url": self.url, "checkpoint": self.checkpoint, "lora_folder": self.lora_folder}

    @classmethod
    def from_notes(cls, notes: Mapping[str, str]) -> GeneratorChoice:
        """Read the choice back from a study's notes."""
        return cls(
            notes.get("generator", "miniature"),
            notes.get("url", DEFAULT_URL),
            notes.get("checkpoint", ""),
            notes.get("lora_folder", ""),
        )


def miniature_folder() -> Path:
    """Return the folder of the miniature's assembled weights.

    Raises:
        MissingModelError: they are not in this installation.
    """
    from counterprompt.miniature.checkpoint import assembled_folder

    return assembled_folder()


def read_picture(source: Path) -> PictureReading:
    """Read the generation parameters of a picture file.

    Raises:
        InvalidInputError: there is no such file, or it is no picture we can read.
    """
    from counterprompt.imagefile.read import read_picture as read

    return read(source)


def open_picture(source: Path) -> Image.Image:
    """Open a picture file as RGB, within the size caps.

    Raises:
        InvalidInputError: there is no such file, or it is broken or too large.
    """
    from counterprompt.imagefile.read import open_picture as open_

    return open_(source)


def load_tagger(settings: Settings, folder: Path | None = None) -> Tagger:
    """Return the tagger in *folder*, else the one of the *settings*, else the miniature's.

    Raises:
        MissingModelError: it is not there.
    """
    chosen = folder or settings.tagger_folder or miniature_folder() / "tagger"
    from counterprompt.tagging.wd import WdTagger

    return WdTagger(chosen)


def load_scorer(settings: Settings, folder: Path | None = None) -> Scorer:
    """Return the scorer in *folder*, else the one of the *settings*, else the miniature's.

    Raises:
        MissingModelError: it is not there.
    """
    chosen = folder or settings.scorer_folder or miniature_folder() / "clip"
    from counterprompt.scoring.clip_scorer import load_clip_scorer

    return load_clip_scorer(chosen)


def load_generator(choice: GeneratorChoice, auth: str | None = None) -> ImageGenerator:
    """Return the generator of *choice*; *auth* is "USER:PASSWORD" of a WebUI, which must answer.

    Raises:
        MissingModelError: the checkpoint is not there.
        InvalidInputError: *auth* has no colon, or the URL is none.
        GeneratorError: the WebUI does not answer.
    """
    if choice.kind == "fake":
        from counterprompt.generation.fake import FakeGenerator

        return FakeGenerator()
    if choice.kind == "webui":
        from counterprompt.generation.webui_api import WebuiGenerator

        webui = WebuiGenerator(choice.url, auth)
        webui.checkpoint_name()
        return webui
    from counterprompt.generation.diffusers_generator import DiffusersGenerator

    if choice.kind == "miniature":
        folder = miniature_folder()
        return DiffusersGenerator(folder / "miniature.safetensors", folder / "loras", name="miniature")
    return DiffusersGenerator(Path(choice.checkpoint), Path(choice.lora_folder) if choice.lora_folder else None)


def load_judge() -> Judge:
    """Return the miniature's judge.

    Raises:
        MissingModelError: its weights are not there.
    """
    from counterprompt.miniature.judge import load_judge as load

    rates: Judge = load().defect_rates
    return rates


def load_adapters(
    choice: GeneratorChoice,
    settings: Settings,
    progress: ProgressListener,
    auth: str | None = None,
    scorer_folder: Path | None = None,
) -> StudyAdapters:
    """Return everything that a study with *choice* needs; raises what the loaders raise."""
    generator = load_generator(choice, auth)
    if choice.kind == "fake":
        from counterprompt.generation.fake import FakeScorer

        return StudyAdapters(generator, FakeScorer(), progress)
    judge = load_judge() if choice.kind == "miniature" else None
    return StudyAdapters(generator, load_scorer(settings, scorer_folder), progress, judge)


def tell_story(
    picture: Path,
    settings: Settings,
    tagger_folder: Path | None = None,
    goal: str = "reproduce",
    generator: ImageGenerator | None = None,
) -> PictureStory:
    """Read, tag, compare and advise on a picture file.

    Raises:
        InvalidInputError: the picture or the goal is no good.
        MissingModelError: the tagger is not there.
    """
    reading = read_picture(picture)
    image = open_picture(picture)
    is_fake = generator is not None and generator.name == "fake"
    tagger = None if is_fake and tagger_folder is None else load_tagger(settings, tagger_folder)
    names = generator.lora_names() if generator else None
    return workflow.tell_story(reading, image, tagger, goal, names)


def fit_choices(choices: TuneChoices, choice: GeneratorChoice) -> TuneChoices:
    """Return *choices* as the generator can do them: the miniature has one size and needs few steps."""
    if choice.kind != "miniature":
        return choices
    return replace(choices, size=choices.size or MINIATURE_SIZE, steps=choices.steps or MINIATURE_STEPS)


def draw_demo_picture(generator: ImageGenerator, folder: Path) -> Path:
    """Draw the demo's picture into *folder*, as a WebUI user would have made it, and return its path."""
    from counterprompt.imagefile.write import write_infotext
    from counterprompt.infotext.params import GenerationParams
    from counterprompt.infotext.render import render_infotext

    image = generator.generate([DEMO_REQUEST])[0]
    fields = (
        ("Steps", str(DEMO_REQUEST.steps)),
        ("Sampler", DEMO_REQUEST.sampler_name),
        ("CFG scale", f"{DEMO_REQUEST.cfg_scale:g}"),
        ("Seed", str(DEMO_REQUEST.seed)),
        ("Size", f"{DEMO_REQUEST.width}x{DEMO_REQUEST.height}"),
        ("Model", "miniature"),
        ("Version", "v1.10.1"),
    )
    path = folder / "demo.png"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        image.save(path)
    except OSError as error:
        raise InvalidInputError(f"The folder {folder} cannot be written ({error.strerror}); name another.") from error
    write_infotext(path, render_infotext(GenerationParams(DEMO_REQUEST.prompt, DEMO_REQUEST.negative_prompt, fields)))
    return path


def tag_folder(
    folder: Path, tagger: Tagger, progress: ProgressListener
) -> tuple[dict[str, ObservedTags], dict[str, str]]:
    """Tag every picture of *folder*; see `tagging.folder.tag_folder`."""
    from counterprompt.tagging.folder import tag_folder as tag

    return tag(folder, tagger, open_picture, progress)


def render_caption(observed: ObservedTags) -> str:
    """Render tags as a training caption; see `tagging.captions.render_caption`."""
    from counterprompt.tagging.captions import render_caption as render

    return render(observed)


def write_captions(folder: Path, captions: Mapping[str, str], kind: str) -> list[Path]:
    """Write *captions* as "txt", "csv", "both" or "none" into *folder* and return the files written."""
    from counterprompt.tagging.captions import write_caption_texts, write_metadata

    written = write_caption_texts(folder, captions) if kind in {"txt", "both"} else []
    return [*written, write_metadata(folder, captions)] if kind in {"csv", "both"} else written


def check_miniature(pictures: int, progress: ProgressListener) -> list[dict[str, Any]]:
    """Measure the miniature against its bars on *pictures* pictures for each setting; see `miniature.check`."""
    from counterprompt.miniature.check import MiniatureCheck
    from counterprompt.miniature.judge import load_judge as load
    from counterprompt.scoring.clip_scorer import load_clip_scorer
    from counterprompt.tagging.wd import WdTagger

    folder = miniature_folder()
    generator = load_generator(GeneratorChoice("miniature"))
    scorer, tagger = load_clip_scorer(folder / "clip"), WdTagger(folder / "tagger")
    check = MiniatureCheck(generator, scorer, tagger, load(), samples=pictures, progress=progress)
    return [asdict(result) for result in check.run()]


def model_paths(settings: Settings) -> dict[str, Path]:
    """Return where the miniature's checkpoint, the tagger and the scorer are looked for, there or not."""
    try:
        miniature = miniature_folder()
    except MissingModelError:
        miniature = Path("miniature")
    return {
        "miniature": miniature / "miniature.safetensors",
        "tagger": settings.tagger_folder or miniature / "tagger",
        "scorer": settings.scorer_folder or miniature / "clip",
    }


def torch_device() -> str:
    """Say in words what torch runs on."""
    try:
        import torch
    except (ImportError, OSError):
        return "nothing: torch is missing"
    return (
        str(torch.cuda.get_device_name(0)) if torch.cuda.is_available() else f"CPU, {torch.get_num_threads()} threads"
    )


def onnx_providers() -> list[str]:
    """Name the execution providers of onnxruntime; none where it is missing."""
    try:
        import onnxruntime
    except (ImportError, OSError):
        return []
    return list(onnxruntime.get_available_providers())
