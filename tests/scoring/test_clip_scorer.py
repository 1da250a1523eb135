"""The scorer as a whole."""

import numpy as np
import pytest

from counterprompt.errors import MissingModelError, ScorerError
from counterprompt.scoring.clip_scorer import ClipScorer, load_clip_scorer, load_named_scorer
from counterprompt.scoring.probe_table import BUILT_IN_PROBES
from counterprompt.scoring.probes import ProbeBank


@pytest.fixture(scope="module")
def scorer(saved_folder):
    """The scorer of the tiny model folder."""
    return load_clip_scorer(saved_folder)


def test_every_component_is_there(scorer, pictures):
    """One pass gives each picture its aesthetic score, fidelity, artifacts and signals."""
    scores = scorer.score(pictures, "a red circle")

    assert 3 == len(scores)
    for one in scores:
        assert 5.0 - 3.0 < one.aesthetic < 5.0 + 3.0
        assert -1.0 <= one.fidelity <= 1.0
        assert ["blurry", "noisy"] == list(one.artifacts)
        assert all(0.0 <= chance <= 1.0 for chance in one.artifacts.values())
        assert {"clipped", "saturation"} <= set(one.signals)


def test_fidelity_ignores_prompt_syntax(scorer, pictures):
    """LoRA tags and emphasis do not reach the CLIP."""
    plain, dressed = (
        scorer.score(pictures[:1], prompt)[0] for prompt in ("a red circle", "a (red:1.3) circle <lora:framed:0.7>")
    )

    assert plain.fidelity == pytest.approx(dressed.fidelity, abs=1e-6)


def test_empty_prompt_has_no_fidelity(scorer, pictures):
    """Where nothing was asked, fidelity is 0 for every picture."""
    assert [0.0] * 3 == [one.fidelity for one in scorer.score(pictures, " <lora:framed:1> ")]


def test_known_embeddings_score_alike(scorer, pictures):
    """Scoring from embeddings gives what scoring from pictures gives."""
    embeddings = scorer.embedder.embed_pictures(pictures)

    assert scorer.score(pictures, "house") == scorer.score_embeddings(embeddings, pictures, "house")


def test_embeddings_and_pictures_must_match(scorer, pictures):
    """As many embeddings as pictures, or it is refused."""
    with pytest.raises(ScorerError, match="Got 1 embeddings for 3 pictures"):
        scorer.score_embeddings(np.ones((1, 8), dtype=np.float32), pictures, "")


def test_heads_are_averaged(clip_folder, scorer, pictures):
    """A second head file moves the aesthetic score half way."""
    import torch
    from safetensors.torch import save_file

    save_file(
        {"weight": torch.zeros(1, 8), "bias": torch.tensor([9.0])}, str(clip_folder / "aesthetic_head_b.safetensors")
    )

    both, one = load_clip_scorer(clip_folder).score(pictures, ""), scorer.score(pictures, "")

    assert [(score.aesthetic + 9.0) / 2 for score in one] == pytest.approx([score.aesthetic for score in both])


def test_built_in_probes_fill_in(clip_folder):
    """A folder without probes.json is asked with the built-in table."""
    (clip_folder / "probes.json").unlink()

    assert tuple(probe.defect for probe in BUILT_IN_PROBES) == load_clip_scorer(clip_folder).defects


def test_name_tells_clip_and_head(scorer, saved_folder):
    """Reports learn which weights were used."""
    assert f"{saved_folder.name} with aesthetic_head" == scorer.name


def test_missing_folder_is_named(tmp_path):
    """A folder that is not there is named."""
    with pytest.raises(MissingModelError, match="no scorer folder"):
        load_clip_scorer(tmp_path / "gone")


def test_missing_head_is_named(clip_folder):
    """A folder without a head says so."""
    (clip_folder / "aesthetic_head.safetensors").unlink()

    with pytest.raises(MissingModelError, match=r"holds no aesthetic_head\.safetensors"):
        load_clip_scorer(clip_folder)


def test_head_of_another_clip_is_refused(clip_folder):
    """A head that reads another number of values is refused."""
    import torch
    from safetensors.torch import save_file

    save_file({"weight": torch.zeros(1, 768), "bias": torch.zeros(1)}, str(clip_folder / "aesthetic_head.safetensors"))

    with pytest.raises(MissingModelError, match="reads 768 numbers, but clip gives 8"):
        load_clip_scorer(clip_folder)


def test_scorer_needs_a_head(scorer):
    """A scorer without any head is refused."""
    with pytest.raises(MissingModelError, match="has no aesthetic head"):
        ClipScorer(scorer.embedder, [], ProbeBank((), np.zeros((0, 8)), np.zeros(0)))


def test_named_scorer_names_the_missing_head(tmp_path):
    """The head is looked for before the large CLIP is loaded."""
    with pytest.raises(MissingModelError, match=r"no aesthetic head at .*laion\.pth"):
        load_named_scorer([tmp_path / "laion.pth"])
