"""What a study needs from outside, its scorer tested."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from counterprompt.bootstrap import miniature, scorers
from counterprompt.bootstrap.generators import GeneratorChoice
from counterprompt.bootstrap.scorers import self_test_pairs
from counterprompt.bootstrap.studies import load_adapters, load_adapters_again
from counterprompt.errors import InvalidInputError, ScorerError, StoppedError
from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.generation.webui_api import WebuiGenerator
from counterprompt.miniature import pairs
from counterprompt.ports import GenerationRequest, Scores, SilentProgress
from counterprompt.report.files import DROPPED_FILE, keep_dropped
from counterprompt.report.picture_record import PictureRecord
from counterprompt.search.folder import create_folder
from counterprompt.search.plan import plan_study
from counterprompt.search.space import SearchSpace
from counterprompt.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from counterprompt.ports import ProgressListener
    from counterprompt.workflow.tuning import StudyAdapters


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
    progress: ProgressListener | None = None,
) -> StudyAdapters:
    """Load adapters around *scorer*; with a *dropped* picture it is the user's own scorer."""
    monkeypatch.setattr(pairs, "defect_pairs", partial(pairs.defect_pairs, 2))
    monkeypatch.setattr(scorers, "load_scorer", lambda *_: scorer)
    monkeypatch.setattr(miniature, "load_judge", lambda: None)
    folder = None if dropped is None else Path("mine")
    return load_adapters(
        choice or GeneratorChoice(),
        generator or FakeGenerator(),
        Settings(Path("data")),
        progress or SilentProgress(),
        lambda: dropped,
        folder,
    )


class Stopping(SilentProgress):
    """Wants it to stop at once."""

    def is_stop_requested(self) -> bool:
        """Always."""
        return True


def test_a_stop_is_heard_while_models_are_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who stops a study at once need not wait until every model is loaded and tested."""
    scorer = SecondGuesser()

    with pytest.raises(StoppedError):
        adapt(monkeypatch, scorer, progress=Stopping())
    assert [] == scorer.batches


def test_a_probe_that_fails_its_self_test_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The study goes on without it; the user hears its name, and the report says how each component did."""
    adapters = adapt(monkeypatch, SecondGuesser())

    assert ["noisy"] == list(adapters.scorer.excluded)
    assert ['A probe is left out of this study: "noisy" ranks damaged pictures right in 0% of 2 pairs.'] == list(
        adapters.remarks
    )
    assert "blurry 100% of 2, noisy 0% of 2; left out: noisy" in adapters.self_test


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


@pytest.mark.parametrize(
    ("noted", "loaded", "is_refused"),
    [
        ("sd/dream.safetensors [abc]", "dream.safetensors", False),
        ("", "dream", False),
        ("dream.safetensors", "photo.safetensors [123]", True),
    ],
)
def test_a_study_goes_on_with_the_checkpoint_that_drew_it(
    tmp_path: Path, noted: str, loaded: str, is_refused: bool
) -> None:
    """Another one would mix two models; the same in another spelling and an unknown one are let through."""
    baseline = GenerationRequest("a house", "", 7, width=32, height=32)
    plan = plan_study(baseline, SearchSpace(cfg_range=(4.0, 9.0)), 60, notes={"model": noted, "generator": "fake"})
    create_folder(tmp_path, plan, "fake")
    load = partial(
        load_adapters_again, tmp_path, GeneratorChoice("fake"), Host(loaded), Settings(tmp_path), SilentProgress()
    )

    if is_refused:
        with pytest.raises(InvalidInputError, match=r"dream\.safetensors, and photo\.safetensors \[123\] is loaded"):
            load()
    else:
        assert isinstance(load().scorer, FakeScorer)


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
