"""What is kept out of a search and looks at what it found."""

import numpy as np
import pytest
from PIL import Image

from counterprompt.errors import MissingModelError, ScorerError
from counterprompt.scoring.aesthetic import AestheticHead
from counterprompt.scoring.auditors import (
    HeadAuditor,
    PreferenceAuditor,
    ProbeAuditor,
    TaggerAuditor,
    accept_auditor,
)
from counterprompt.scoring.clip_scorer import load_clip_scorer
from counterprompt.scoring.damage import damaged_pairs
from counterprompt.scoring.preference import PreferenceModel
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory


class _Brightness:
    """Rates a picture by how dark it is, so that it notices overexposure and likes underexposure."""

    name = "darkness"

    def __init__(self, defects=None):
        self.defects = defects

    def rate(self, images, prompt):
        return [255.0 - float(np.asarray(image).mean()) for image in images]


class _Tagger:
    """Sees a watermark in wide pictures."""

    name = "wd"
    vocabulary = frozenset({"watermark", "blurry", "tree"})

    def tag(self, images):
        mark = ObservedTag("watermark", TagCategory.GENERAL, 0.8)
        return [ObservedTags((mark,) if image.width > image.height else (), self.vocabulary) for image in images]


@pytest.fixture
def scorer(saved_folder):
    """The tiny scorer, with probes for blur and noise."""
    return load_clip_scorer(saved_folder)


def test_each_kind_rates_every_picture(scorer, pictures):
    """A head gives its score, probes how free of them a picture is, a preference model what it likes."""
    head, embedder = scorer.heads[0], scorer.embedder
    scores = scorer.score(pictures, "a house")
    by_probe = ProbeAuditor(scorer.probes.without(frozenset({"noisy"})), embedder)

    assert [each.aesthetic for each in scores] == pytest.approx(HeadAuditor(head, embedder).rate(pictures, "a house"))
    assert [1 - each.artifacts["blurry"] for each in scores] == pytest.approx(by_probe.rate(pictures, ""))
    assert frozenset({"blurry"}) == by_probe.defects
    assert 3 == len(PreferenceAuditor(PreferenceModel("P", embedder, 100.0)).rate(pictures, "a house"))


def test_a_tagger_rates_by_its_defect_tags(pictures):
    """A picture with a watermark of confidence 0.8, one of two defects known, is rated 0.6; clean ones 1."""
    assert [0.6, 1.0, 1.0] == pytest.approx(TaggerAuditor(_Tagger()).rate(pictures, "a tree"))


def test_what_cannot_audit_is_refused(scorer):
    """A head of another width and a tagger without defects are refused by name."""
    strange = AestheticHead("strange", np.zeros(5), 0.0)
    blind = _Tagger()
    blind.vocabulary = frozenset({"tree"})

    with pytest.raises(MissingModelError, match="strange reads 5 numbers"):
        HeadAuditor(strange, scorer.embedder)
    with pytest.raises(MissingModelError, match="knows no tag for a defect"):
        TaggerAuditor(blind)


def test_an_auditor_must_pass_the_self_test():
    """One that notices overexposure passes on that; one that likes what is damaged, or was not tested, is refused."""
    pairs = damaged_pairs([Image.new("RGB", (64, 64), (120, 90, 60))], ("overexposed", "underexposed"))

    assert 1.0 == accept_auditor(_Brightness(frozenset({"overexposed"})), pairs)
    with pytest.raises(ScorerError, match="50% of 2 pairs"):
        accept_auditor(_Brightness(), pairs)
    with pytest.raises(ScorerError, match="no test picture shows watermark"):
        accept_auditor(_Brightness(frozenset({"watermark"})), pairs)


def test_a_head_is_kept_out_of_the_mean(saved_folder, tmp_path, pictures):
    """Of two heads one may be kept out, and then has no part in the aesthetic score; the last one may not."""
    import shutil

    import torch
    from safetensors.torch import save_file

    folder = shutil.copytree(saved_folder, tmp_path / "two")
    save_file({"weight": torch.ones(1, 8), "bias": torch.zeros(1)}, str(folder / "aesthetic_head_other.safetensors"))
    both, one = load_clip_scorer(folder), load_clip_scorer(saved_folder)
    kept = both.without_head("aesthetic_head_other")

    assert [each.aesthetic for each in one.score(pictures, "")] == [each.aesthetic for each in kept.score(pictures, "")]
    assert one.name.split(" with ")[1] == kept.name.split(" with ")[1]
    with pytest.raises(MissingModelError, match="only aesthetic head"):
        kept.without_head("aesthetic_head")
