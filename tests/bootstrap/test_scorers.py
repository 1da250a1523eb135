"""Which scorer judges, and on what."""

import pytest
from PIL import Image

from counterprompt.bootstrap.miniature import miniature_folder
from counterprompt.bootstrap.scorers import load_scorer, self_test_pairs
from counterprompt.errors import ScorerError
from counterprompt.settings import Settings


def test_miniatures_scorer_stays_on_the_processor(tmp_path, monkeypatch):
    """A card would only cost the small CLIP time; another scorer takes it, in larger batches."""
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)

    own, other = load_scorer(Settings(tmp_path)), load_scorer(Settings(tmp_path), miniature_folder() / "clip")

    assert ("cpu", 16) == (own.embedder.guest.device, own.embedder.guest.batch_size)
    assert ("cuda", 64, "fp16") == (
        other.embedder.guest.device,
        other.embedder.guest.batch_size,
        other.embedder.guest.precision,
    )


@pytest.mark.parametrize(
    ("has_card", "wanted", "expected"), [(True, "fp32", "fp32"), (True, "fp16", "fp16"), (False, "fp16", "fp32")]
)
def test_the_scorer_reckons_as_the_settings_say(tmp_path, monkeypatch, has_card, wanted, expected):
    """On a card; the processor has 32 bits."""
    monkeypatch.setattr("torch.cuda.is_available", lambda: has_card)

    scorer = load_scorer(Settings(tmp_path, scorer_precision=wanted), miniature_folder() / "clip")

    assert expected == scorer.embedder.guest.precision


def test_missing_card_is_said(tmp_path, monkeypatch):
    """A card named in the settings that is not here is an error, not a silent fallback."""
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)

    with pytest.raises(ScorerError, match="no 'cuda:1' for the scorer"):
        load_scorer(Settings(tmp_path, scorer_device="cuda:1"), miniature_folder() / "clip")


def test_dropped_picture_is_tested_in_parts():
    """A dropped picture and its four corners are each damaged in five ways."""
    pairs = self_test_pairs(Image.effect_noise((800, 600), 40).convert("RGB"))

    assert 25 == len(pairs)
    assert {"blurry", "noisy", "overexposed", "underexposed", "jpeg artifacts"} == {pair.defect for pair in pairs}
