"""The one place that picks concrete adapters. Nothing heavy is imported before it is asked for."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterprompt import workflow
from counterprompt.errors import InvalidInputError, MissingModelError
from counterprompt.infotext.params import GenerationParams
from counterprompt.report.files import small_copy
from counterprompt.workflow import StudyAdapters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from PIL import Image

    from counterprompt.advice.case import Wishes
    from counterprompt.imagefile.read import PictureReading
    from counterprompt.ports import ImageGenerator, InventorySource, ProgressListener, Tagger
    from counterprompt.report.controls import Judge
    from counterprompt.scoring.clip_scorer import ClipScorer
    from counterprompt.scoring.damage import DamagedPair
    from counterprompt.scoring.self_test import SelfTest
    from counterprompt.search.comparison import Comparer
    from counterprompt.settings import Settings
    from counterprompt.tagging.tagger_store import TaggerStore
    from counterprompt.tags.probed import ProbedTerm
    from counterprompt.workflow import PictureStory, TuneChoices

GENERATORS = ("miniature", "diffusers", "webui", "fake")
"""Kinds of generators, as `--generator` spells them; the fake one has a known optimum and draws nothing, for tests."""

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


def read_pasted_text(text: str) -> PictureReading:
    """Read generation parameters from *text*.

    Raises:
        InvalidInputError: it is too long.
    """
    from counterprompt.imagefile.read import read_pasted_text as read

    return read(text)


def open_picture(source: Path) -> Image.Image:
    """Open a picture file as RGB, within the size caps.

    Raises:
        InvalidInputError: there is no such file, or it is broken or too large.
    """
    from counterprompt.imagefile.read import open_picture as open_

    return open_(source)


def load_inventory(place: str, settings: Settings, auth: str | None, progress: ProgressListener) -> InventorySource:
    """Return what lists the model files at *place*, a WebUI's folder or its URL; nothing is asked or read yet.

    Raises:
        InvalidInputError: the URL is none, or *auth* has no colon.
    """
    if place.startswith(("http://", "https://")):
        from counterprompt.generation.webui_connection import WebuiConnection
        from counterprompt.inventory.webui import WebuiInventory

        connection = WebuiConnection(place, auth, timeout_s=30.0)
        return WebuiInventory(connection.get_if_offered, connection.url)
    from counterprompt.inventory.folder import FolderInventory

    return FolderInventory(Path(place).expanduser(), settings.data_folder / "hashes.sqlite3", progress)


def tagger_store(settings: Settings, environment: Mapping[str, str] = os.environ) -> TaggerStore:
    """Return the store that finds and downloads taggers; *environment* holds the hub's own variables."""
    from counterprompt.tagging.tagger_places import host_folder, hub_caches, places_below
    from counterprompt.tagging.tagger_store import TaggerStore

    host = host_folder(Path(__file__))
    roots = [*settings.model_folders, *([host] if host else []), Path.cwd()]
    return TaggerStore(
        settings.taggers_folder,
        [*places_below(roots), *hub_caches(environment, Path.home())],
        endpoint=settings.hf_endpoint,
        token=environment.get("HF_TOKEN", ""),
        offline=environment.get("HF_HUB_OFFLINE", "").upper() in {"1", "ON", "YES", "TRUE"},
    )


def load_tagger(settings: Settings, folder: Path | None = None, **options: Any) -> Tagger:
    """Return the tagger that *folder* names, else the one of the *settings*, else the miniature's.

    A WD tagger's folder, an ONNX file or a name for `tagger_store` will do, or the folder of a CLIP, which then tags
    with a term list. *options* go to a `tagging.wd.WdTagger`.

    Raises:
        InvalidInputError: it is neither a folder nor a tagger's name.
        MissingModelError: it is not there and cannot be downloaded.
    """
    from counterprompt.tagging.sessions import shared_session
    from counterprompt.tagging.wd import WdTagger

    open_session = partial(shared_session, wanted=settings.tagger_provider, idle_s=settings.tagger_idle_seconds)
    chosen = folder or settings.tagger_folder
    if chosen and (chosen / "open_clip_config.json").is_file():
        return _load_clip_tagger(settings, chosen)
    if chosen:
        return WdTagger(tagger_store(settings).resolve(chosen).path, open_session=open_session, **options)
    from counterprompt.miniature.tagger import MiniatureTagger

    return MiniatureTagger(WdTagger(miniature_folder() / "tagger", open_session=open_session, **options))


def _load_clip_tagger(settings: Settings, folder: Path) -> Tagger:
    from counterprompt.scoring.clip_folder import load_clip_folder
    from counterprompt.scoring.embedder import ClipEmbedder
    from counterprompt.tagging.clip_tagger import ClipTagger
    from counterprompt.tagging.clip_terms import BUILT_IN, TERMS_NAME, read_terms

    own = folder / TERMS_NAME
    terms = read_terms(own if own.is_file() else BUILT_IN)
    return ClipTagger(
        lambda: ClipEmbedder(load_clip_folder(folder)), terms, settings.data_folder / "cache", folder.name
    )


def remarks_on_tagger(settings: Settings, folder: Path | None, pictures: Iterable[Path]) -> tuple[str, ...]:
    """Say why a tagger ran elsewhere than it was to, and whether it is the miniature's and one of *pictures* is not.

    Raises:
        InvalidInputError: a picture cannot be read.
    """
    return _remarks(settings, folder, (read_picture(picture).params for picture in pictures))


def _remarks(
    settings: Settings, folder: Path | None, params_of_pictures: Iterable[GenerationParams | None]
) -> tuple[str, ...]:
    from counterprompt.tagging.sessions import shared_reasons

    if folder or settings.tagger_folder:
        return shared_reasons()
    from counterprompt.miniature.reach import remark_on_tagger

    remarks = map(remark_on_tagger, params_of_pictures)
    return (*shared_reasons(), *islice(filter(None, remarks), 1))


def load_scorer(settings: Settings, folder: Path | None = None) -> ClipScorer:
    """Return the scorer in *folder*, else the one of the *settings*, else the miniature's; it is not tested yet.

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
    generator: ImageGenerator,
    settings: Settings,
    progress: ProgressListener,
    open_dropped: Callable[[], Image.Image],
    scorer_folder: Path | None = None,
) -> StudyAdapters:
    """Return everything that a study with *choice* needs, its scorer tested (DESIGN 5).

    Args:
        choice: what the user chose.
        generator: what `load_generator` returned for it.
        settings: the machine's.
        progress: hears of the study.
        open_dropped: opens the dropped picture or its copy; a scorer that is not the miniature's is tested on it.
        scorer_folder: overrules the settings.

    Raises:
        MissingModelError: the scorer or the judge is not there.
        ScorerError: the scorer failed its self-test.
    """
    if choice.kind == "fake":
        from counterprompt.generation.fake import FakeScorer

        return StudyAdapters(generator, FakeScorer(), progress)
    from counterprompt.miniature.reach import is_miniature, remark_on_scorer
    from counterprompt.scoring.self_test import accept_scorer

    model_name = _model_name(choice, generator)
    judge = load_judge() if is_miniature(model_name) else None
    is_miniatures = not (scorer_folder or settings.scorer_folder)
    pairs = self_test_pairs(None if is_miniatures else open_dropped())
    scorer, found = accept_scorer(load_scorer(settings, scorer_folder), pairs)
    remarks = [f"A probe is left out of this study: {reason}" for reason in found.failures.values()]
    if is_miniatures:
        remarks.append(remark_on_scorer(model_name))
    return StudyAdapters(generator, scorer, progress, judge, _describe(found), tuple(filter(None, remarks)))


def load_comparer(
    choice: GeneratorChoice,
    generator: ImageGenerator,
    settings: Settings,
    progress: ProgressListener,
    picture: Path,
    tagger_folder: Path | None = None,
    scorer_folder: Path | None = None,
) -> tuple[Comparer, tuple[str, ...]]:
    """Load what a comparison of prompts on *picture* needs, and what to know of it, one sentence each.

    Raises:
        InvalidInputError: the picture is no good, or the generator is the fake one, whose pictures show nothing.
        MissingModelError: the scorer or the tagger is not there.
        ScorerError: the scorer failed its self-test.
    """
    from counterprompt.scoring.clip_scorer import ClipScorer
    from counterprompt.search.comparison import Comparer

    image = open_picture(picture)
    adapters = load_adapters(choice, generator, settings, progress, lambda: image, scorer_folder)
    if not isinstance(adapters.scorer, ClipScorer):
        raise InvalidInputError("The fake generator draws nothing that could be compared; use --generator miniature.")
    tagger = load_tagger(settings, tagger_folder)
    return Comparer(generator, adapters.scorer, tagger, progress, image), adapters.remarks


def self_test_pairs(dropped: Image.Image | None) -> list[DamagedPair]:
    """Return pictures in good and damaged form: *dropped* damaged on purpose, or where it is None, drawn scenes.

    The same picture, large or as the study's copy, gives the same pairs, so that `resume` excludes what `tune` did.
    """
    if dropped is None:
        from counterprompt.miniature.pairs import defect_pairs

        return defect_pairs()
    from counterprompt.scoring.damage import damaged_pairs

    return damaged_pairs([small_copy(dropped)])


def _model_name(choice: GeneratorChoice, generator: ImageGenerator) -> str:
    """Name the checkpoint that draws."""
    from counterprompt.generation.webui_api import WebuiGenerator

    if isinstance(generator, WebuiGenerator):
        return generator.checkpoint_name()
    return Path(choice.checkpoint).stem if choice.kind == "diffusers" else choice.kind


def _describe(found: SelfTest) -> str:
    """Say for the report how each component of the scorer did."""
    shares = [f"{one.component} {one.share_right:.0%} of {one.pairs}" for one in found.rankings]
    left_out = f"; left out: {', '.join(found.failures)}" if found.failures else ""
    return f"good and damaged pictures ranked right: {', '.join(shares)}{left_out}"


def tell_story(
    picture: Path,
    settings: Settings,
    tagger_folder: Path | None = None,
    goal: str = "reproduce",
    generator: ImageGenerator | None = None,
    probe_folder: Path | None = None,
    *,
    source: InventorySource | None = None,
    wishes: Wishes | None = None,
) -> PictureStory:
    """Read, tag, compare and advise on a picture file, by the files that *source* lists where one is given.

    The scorer in *probe_folder* judges what the tagger cannot see.

    Raises:
        InvalidInputError: the picture or the goal is no good.
        MissingModelError: the tagger or the scorer is not there.
        GeneratorError: the WebUI that *source* asks does not answer.
        StoppedError: the user stopped the hashing of files.
    """
    reading = read_picture(picture)
    image = open_picture(picture)
    probes = probe_picture(image, settings, probe_folder) if probe_folder else ()
    is_fake = generator is not None and generator.name == "fake"
    is_blind = is_fake and tagger_folder is None
    tagger = None if is_blind else load_tagger(settings, tagger_folder)
    names = generator.lora_names() if generator else None
    inventory = source.take_stock(reading.params or GenerationParams("")) if source else None
    story = workflow.tell_story(reading, image, tagger, goal, names, probes, inventory=inventory, wishes=wishes)
    return story if is_blind else replace(story, remarks=_remarks(settings, tagger_folder, [reading.params]))


def probe_picture(image: Image.Image, settings: Settings, folder: Path) -> tuple[ProbedTerm, ...]:
    """Ask each probe of the scorer in *folder* about *image*.

    Raises:
        MissingModelError: the scorer is not there.
    """
    from counterprompt.tags.probed import ProbedTerm

    (scores,) = load_scorer(settings, folder).score([image], "")
    return tuple(ProbedTerm(term, probability) for term, probability in scores.artifacts.items())


def fit_choices(choices: TuneChoices, choice: GeneratorChoice) -> TuneChoices:
    """Return *choices* as the generator can do them: the miniature has one size and needs few steps."""
    if choice.kind != "miniature":
        return choices
    from counterprompt.miniature.demo import USUAL_STEPS
    from counterprompt.miniature.world import SIZE

    return replace(choices, size=choices.size or (SIZE, SIZE), steps=choices.steps or USUAL_STEPS)


def draw_demo_picture(generator: ImageGenerator, folder: Path) -> Path:
    """Draw the demo's picture into *folder* and return its path; see `miniature.demo.draw_demo_picture`."""
    from counterprompt.miniature.demo import draw_demo_picture as draw

    return draw(generator, folder)


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
        "tagger": (
            tagger_store(settings).place_of(settings.tagger_folder) if settings.tagger_folder else miniature / "tagger"
        ),
        "scorer": settings.scorer_folder or miniature / "clip",
    }


def installed_packages(names: Sequence[str]) -> dict[str, str | None]:
    """Return the version of each distribution, None where it is not installed."""
    from counterprompt.tagging.onnx_host import installed_version

    return {name: installed_version(name) for name in names}


def onnx_answer(settings: Settings) -> dict[str, Any]:
    """Say which onnxruntime package fits, what to type for it, and what taggers really run on with these *settings*.

    For it the miniature's tagger is opened and run once.
    """
    from counterprompt.tagging.onnx_host import answer_about, read_host

    try:
        import torch
    except (ImportError, OSError):
        host = read_host()
    else:
        is_there = torch.cuda.is_available()
        host = read_host(
            torch.version.cuda if is_there else None,
            torch.backends.cudnn.version() if is_there else None,
            has_rocm=bool(is_there and torch.version.hip),
        )
    model = model_paths(settings)["miniature"].with_name("tagger") / "model.onnx"
    return answer_about(host, model, settings.tagger_provider)


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
    return list(getattr(onnxruntime, "get_available_providers", list)())  # it lacks even that where it is in pieces
