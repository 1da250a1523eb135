"""What workers score with, against the coordinator they work for."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from counterprompt.bootstrap import crews
from counterprompt.bootstrap.auditors import keep_out
from counterprompt.bootstrap.generators import GeneratorChoice, load_generator
from counterprompt.bootstrap.miniature import miniature_folder
from counterprompt.bootstrap.scorer_extras import ScorerExtras, add_extras
from counterprompt.bootstrap.scorers import load_scorer
from counterprompt.bootstrap.worker_tools import WorkerChoice, heads_of, with_heads
from counterprompt.errors import InvalidInputError, MissingModelError
from counterprompt.ports import GenerationRequest, SilentProgress
from counterprompt.scoring import preference_kinds
from counterprompt.search.plan import plan_study
from counterprompt.search.space import SearchSpace
from counterprompt.settings import Settings
from counterprompt.workflow.tuning import StudyAdapters

BASELINE = GenerationRequest("a red house", "", 7, steps=2, width=64, height=64)
SETTINGS = Settings(Path("nowhere"))
DRAWER = GeneratorChoice("miniature")


@pytest.fixture(scope="module")
def scorer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The miniature's scorer with a second aesthetic head."""
    folder = tmp_path_factory.mktemp("scorer") / "clip"
    shutil.copytree(miniature_folder() / "clip", folder)
    shutil.copy(folder / "aesthetic_head.safetensors", folder / "aesthetic_head_two.safetensors")
    return folder


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of models with one in HPSv2.1's format, tiny and with random weights."""
    import open_clip
    import torch

    vision = {"layers": 1, "width": 16, "head_width": 8, "patch_size": 32, "image_size": 64}
    text = {"context_length": 77, "vocab_size": 49408, "width": 8, "heads": 2, "layers": 1}
    config = tmp_path / "counterprompt-tiny-worker.json"
    config.write_text(json.dumps({"embed_dim": 8, "vision_cfg": vision, "text_cfg": text}))
    open_clip.add_model_config(config)
    kind = replace(preference_kinds.PREFERENCES["hpsv2.1"], architecture=config.stem)
    monkeypatch.setattr(preference_kinds, "PREFERENCES", MappingProxyType({kind.key: kind}))
    torch.manual_seed(0)
    path = tmp_path / "models" / "HPSv2" / kind.file_name
    path.parent.mkdir(parents=True)
    torch.save({"state_dict": open_clip.create_model(config.stem).state_dict()}, path)
    return path.parents[1]


def scored(adapters: StudyAdapters, extras: ScorerExtras, folder: Path, choice: WorkerChoice, settings: Settings):
    """Let a worker draw two pictures for a study with *adapters* and *extras*; return its scores and the pictures."""
    plan = plan_study(BASELINE, SearchSpace(cfg_range=(3.0, 9.0)), 100, notes=extras.notes())
    storage = f"sqlite:///{folder / 'work.sqlite3'}"
    with crews.shared_study(adapters, DRAWER, plan, folder / "study", storage) as shared:
        shared.generator.submit([BASELINE, replace(BASELINE, seed=8)], keep=True)
        crews.load_worker("study", storage, choice, None, settings, SilentProgress()).step()
        (measured,) = shared.generator.collect()
    return list(measured.scores), list(measured.images)


@pytest.mark.parametrize("wish", ["aesthetic_head_two.safetensors", "probes:watermark, blurry"])
def test_what_audits_scores_on_no_worker(scorer_folder: Path, tmp_path: Path, wish: str):
    """A head or probes that are kept out of the search are kept out by workers, who never see the auditor."""
    is_head = not wish.startswith("probes:")
    extras = ScorerExtras(auditor=str(scorer_folder / wish) if is_head else wish)
    scorer, _ = keep_out(load_scorer(SETTINGS, scorer_folder), extras, SETTINGS, is_miniature=True)
    adapters = StudyAdapters(load_generator(DRAWER), scorer, SilentProgress())

    found, images = scored(adapters, extras, tmp_path, WorkerChoice(DRAWER, scorer_folder), SETTINGS)

    assert (1 if is_head else 2) == len(heads_of(scorer))
    assert scorer.score(images, BASELINE.prompt) == found


def test_a_worker_counts_the_taggers_defect_tags(scorer_folder: Path, tmp_path: Path):
    """Where a study counts defect tags its workers do, without those that failed the coordinator's self-test."""
    extras = ScorerExtras(has_tags=True)
    joined = add_extras(load_scorer(SETTINGS, scorer_folder), extras, SETTINGS, is_miniature=True)
    scorer = joined.without({"tagger: blurry": "It is blind.", "noisy": "It is blind."})
    adapters = StudyAdapters(load_generator(DRAWER), scorer, SilentProgress())

    found, images = scored(adapters, extras, tmp_path, WorkerChoice(DRAWER, scorer_folder), SETTINGS)

    assert "tagger: watermark" in found[0].artifacts
    assert scorer.score(images, BASELINE.prompt) == found


def test_a_worker_asks_the_studys_preference_model(models: Path, tmp_path: Path):
    """The preference model of the study is loaded where this machine keeps it; where it does not, that is said."""
    extras, settings = ScorerExtras("hpsv2.1"), replace(SETTINGS, model_folders=(models,))
    scorer = add_extras(load_scorer(settings), extras, settings, is_miniature=True)
    adapters = StudyAdapters(load_generator(DRAWER), scorer, SilentProgress())
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    found, images = scored(adapters, extras, tmp_path, WorkerChoice(DRAWER), settings)

    assert scorer.score(images, BASELINE.prompt) == found
    assert None is not found[0].preference
    with pytest.raises(MissingModelError, match=r"HPSv2\.1 .*download"):
        scored(adapters, extras, elsewhere, WorkerChoice(DRAWER), SETTINGS)


def test_another_scorer_is_still_refused(scorer_folder: Path, tmp_path: Path):
    """A worker whose scorer has none of the study's heads is refused by name."""
    adapters = StudyAdapters(load_generator(DRAWER), load_scorer(SETTINGS, scorer_folder), SilentProgress())

    with pytest.raises(InvalidInputError, match=r"is scored by .*two"):
        scored(adapters, ScorerExtras(), tmp_path, WorkerChoice(DRAWER), SETTINGS)


def test_heads_are_left_out_by_name(scorer_folder: Path):
    """Of two heads one is left where one is named; a scorer without any of the named ones stays as it is."""
    scorer = load_scorer(SETTINGS, scorer_folder)

    assert ("aesthetic_head",) == heads_of(with_heads(scorer, ("aesthetic_head",)))
    assert scorer is with_heads(scorer, None) is with_heads(scorer, ("LAION v1",))
