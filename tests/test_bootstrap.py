"""The choice of concrete adapters."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, PngImagePlugin

from counterprompt import bootstrap
from counterprompt.bootstrap import (
    GeneratorChoice,
    fit_choices,
    load_adapters,
    load_generator,
    remarks_on_tagger,
    self_test_pairs,
)
from counterprompt.errors import InvalidInputError, MissingModelError, ScorerError
from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.generation.webui_api import WebuiGenerator
from counterprompt.miniature import pairs
from counterprompt.ports import Scores, SilentProgress
from counterprompt.report.content import PictureRecord
from counterprompt.report.files import DROPPED_FILE, keep_dropped
from counterprompt.settings import Settings
from counterprompt.workflow import TuneChoices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from counterprompt.workflow import StudyAdapters

EXTENSION = Path(__file__).parents[1] / "extension"


class SecondGuesser:
    """Scores one batch, then the next: the self-test shows it good pictures first, then damaged ones."""

    name = "second guesser"

    def __init__(self, likes_damage: bool = False, excluded: Mapping[str, str] | None = None) -> None:
        self.likes_damage = likes_damage
        self.excluded = dict(excluded or {})
        self.batches: list[Sequence[Image.Image]] = []

    def score(self, images: Sequence[Image.Image], prompt: str) -> list[Scores]:
        """Find blur in the second batch and noise in the first."""
        self.batches.append(images)
        is_second = float(len(self.batches) == 2)
        aesthetic = is_second if self.likes_damage else -is_second
        return [Scores(aesthetic, 0.0, {"blurry": is_second, "noisy": 1 - is_second}) for _ in images]

    def without(self, reasons: Mapping[str, str]) -> SecondGuesser:
        """Leave out what *reasons* name."""
        return SecondGuesser(self.likes_damage, reasons)


class Host(WebuiGenerator):
    """A WebUI that answers one question."""

    def __init__(self, checkpoint: str) -> None:
        self.checkpoint = checkpoint

    def checkpoint_name(self) -> str:
        """Name the checkpoint."""
        return self.checkpoint


def adapt(
    monkeypatch: pytest.MonkeyPatch,
    scorer: SecondGuesser,
    choice: GeneratorChoice | None = None,
    dropped: Image.Image | None = None,
    generator: object = None,
) -> StudyAdapters:
    """Load adapters around *scorer*; with a *dropped* picture it is the user's own scorer."""
    monkeypatch.setattr(pairs, "defect_pairs", partial(pairs.defect_pairs, 2))
    monkeypatch.setattr(bootstrap, "load_scorer", lambda *_: scorer)
    monkeypatch.setattr(bootstrap, "load_judge", lambda: None)
    folder = None if dropped is None else Path("mine")
    return load_adapters(
        choice or GeneratorChoice(),
        generator or FakeGenerator(),
        Settings(Path("data")),
        SilentProgress(),
        lambda: dropped,
        folder,
    )


def picture_by(model: str, path: Path) -> Path:
    """Save a picture whose infotext names *model*."""
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", f"a cat\nSteps: 1, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 8x8, Model: {model}")
    Image.new("RGB", (8, 8)).save(path, pnginfo=info)
    return path


def test_a_choice_survives_the_studys_notes() -> None:
    """What was chosen is found again on resuming."""
    choice = GeneratorChoice("webui", "http://host:1", "", "loras")

    assert choice == GeneratorChoice.from_notes(choice.notes())


@pytest.mark.parametrize(("kind", "said"), [("oracle", "oracle"), ("diffusers", "--checkpoint")])
def test_a_choice_that_cannot_be_is_refused(kind: str, said: str) -> None:
    """Unknown kinds, and diffusers without a checkpoint, name the remedy."""
    with pytest.raises(InvalidInputError, match=said):
        GeneratorChoice(kind)


def test_the_miniature_has_one_size() -> None:
    """A picture of any size is tuned at the miniature's, with the steps it needs, unless the user says otherwise."""
    miniature = GeneratorChoice("miniature")

    assert TuneChoices(size=(64, 64), steps=10) == fit_choices(TuneChoices(), miniature)
    assert TuneChoices(size=(64, 64), steps=4) == fit_choices(TuneChoices(steps=4), miniature)
    assert TuneChoices() == fit_choices(TuneChoices(), GeneratorChoice("fake"))


def test_a_missing_checkpoint_is_named(tmp_path: Path) -> None:
    """A path that leads nowhere is told before anything is loaded."""
    pytest.importorskip("diffusers")

    with pytest.raises(MissingModelError, match="nowhere"):
        load_generator(GeneratorChoice("diffusers", checkpoint=str(tmp_path / "nowhere.safetensors")))


def test_a_probe_that_fails_its_self_test_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The study goes on without it; the user hears its name, and the report says how each component did."""
    adapters = adapt(monkeypatch, SecondGuesser())

    assert ["noisy"] == list(adapters.scorer.excluded)
    assert ['A probe is left out of this study: "noisy" ranks damaged pictures right in 0% of 2 pairs.'] == list(
        adapters.remarks
    )
    assert adapters.self_test.endswith("blurry 100% of 2, noisy 0% of 2; left out: noisy")


@pytest.mark.parametrize("dropped", [None, Image.new("RGB", (32, 32), "olive")])
def test_a_head_that_fails_its_self_test_is_refused(
    monkeypatch: pytest.MonkeyPatch, dropped: Image.Image | None
) -> None:
    """The miniature's scorer and the user's own are refused alike."""
    with pytest.raises(ScorerError, match="second guesser failed its self-test"):
        adapt(monkeypatch, SecondGuesser(likes_damage=True), dropped=dropped)


def test_the_users_scorer_is_tested_on_the_dropped_picture(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Tuning tests it on the picture, resuming on the study's copy, and both see the same pixels."""
    scorer = SecondGuesser()
    large = Image.radial_gradient("L").convert("RGB").resize((1300, 700))
    keep_dropped(large, PictureRecord(), tmp_path)

    adapt(monkeypatch, scorer, dropped=large)
    copies = self_test_pairs(Image.open(tmp_path / DROPPED_FILE).convert("RGB"))

    for batch, expected in zip(scorer.batches, zip(*((pair.good, pair.damaged) for pair in copies))):
        assert [image.tobytes() for image in expected] == [image.tobytes() for image in batch]


def test_the_fake_scorer_needs_no_test() -> None:
    """What has a known optimum is taken as it is."""
    adapters = load_adapters(
        GeneratorChoice("fake"), FakeGenerator(), Settings(Path("data")), SilentProgress(), Image.Image
    )

    assert isinstance(adapters.scorer, FakeScorer)
    assert ("", ()) == (adapters.self_test, adapters.remarks)


@pytest.mark.parametrize(
    ("choice", "generator", "told"),
    [
        (GeneratorChoice("miniature"), None, ""),
        (GeneratorChoice("webui"), Host("miniature.safetensors [d0]"), ""),
        (GeneratorChoice("diffusers", checkpoint="/models/miniature.safetensors"), None, ""),
        (GeneratorChoice("webui"), Host("sd_xl.safetensors"), "scores of sd_xl.safetensors mean little"),
        (GeneratorChoice("webui"), Host(""), "scores of another model mean little"),
        (GeneratorChoice("diffusers", checkpoint="/models/dream.safetensors"), None, "scores of dream mean little"),
    ],
)
def test_the_miniatures_scorer_says_where_it_knows_nothing(
    monkeypatch: pytest.MonkeyPatch, choice: GeneratorChoice, generator: object, told: str
) -> None:
    """A generator that draws something else brings one sentence with the remedy; the user's own scorer none."""
    remarks = adapt(monkeypatch, SecondGuesser(), choice, generator=generator).remarks[1:]
    own = adapt(monkeypatch, SecondGuesser(), choice, Image.new("RGB", (8, 8)), generator).remarks[1:]

    assert bool(told) == len(remarks)
    assert all(told in remark and "--scorer FOLDER or COUNTERPROMPT_SCORER" in remark for remark in remarks)
    assert () == own


def test_the_miniatures_tagger_says_where_it_knows_nothing(tmp_path: Path) -> None:
    """One sentence for one or many foreign pictures, none for the miniature's or with a tagger of the user's."""
    settings = Settings(tmp_path)
    ours = picture_by("miniature", tmp_path / "ours.png")
    theirs = [picture_by("dream", tmp_path / f"{name}.png") for name in "ab"]

    assert () == remarks_on_tagger(settings, None, [ours])
    assert 1 == len(remarks_on_tagger(settings, None, [ours, *theirs]))
    assert () == remarks_on_tagger(settings, tmp_path, theirs)
    assert () == remarks_on_tagger(Settings(tmp_path, tagger_folder=tmp_path), None, theirs)


def test_reading_a_picture_loads_no_framework() -> None:
    """The command line's cheap commands stay cheap: neither numpy nor torch is imported for `read`."""
    code = (
        f"import sys; sys.path.insert(0, {str(EXTENSION)!r})\n"
        "from counterprompt.cli.main import exit_code_of\n"
        "exit_code_of(['read', 'nowhere.png'])\n"
        "print(sorted({'torch', 'optuna', 'diffusers', 'onnxruntime', 'open_clip'} & set(sys.modules)))"
    )

    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)

    assert "[]\n" == finished.stdout
