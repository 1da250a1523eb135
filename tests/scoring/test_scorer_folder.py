"""What lies in a scorer's folder."""

import pytest

from counterprompt.errors import MissingModelError
from counterprompt.scoring import scorer_folder
from counterprompt.scoring.clip_folder import load_clip_folder
from counterprompt.scoring.clip_scorer import load_clip_scorer, load_named_scorer
from counterprompt.scoring.known_heads import KnownHead


@pytest.fixture
def public_heads(tmp_path, monkeypatch):
    """Two heads for tiny CLIPs, known to the program as public ones, and a folder that holds the first."""
    import hashlib

    import torch
    from safetensors.torch import save

    folder = tmp_path / "public"
    folder.mkdir()
    known = []
    for name, bias in (("first", 4.0), ("second", 6.0)):
        content = save({"weight": torch.ones(1, 8), "bias": torch.tensor([bias])})
        (tmp_path / f"{name}.safetensors").write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        known.append(KnownHead(name, f"{name}.safetensors", sha256, f"ViT-{name}", "MIT", "LAION-AI/x"))
    monkeypatch.setattr("counterprompt.scoring.known_heads.KNOWN_HEADS", tuple(known))
    monkeypatch.setattr(scorer_folder, "KNOWN_NAMES", frozenset(head.file_name for head in known))
    (tmp_path / "first.safetensors").rename(folder / "first.safetensors")
    return folder


@pytest.mark.parametrize("archive", [None, "ViT-first.pt"])
def test_public_head_brings_its_clip(public_heads, saved_folder, monkeypatch, archive):
    """A folder with a public head alone takes its CLIP from OpenAI's archive beside it, or by name."""
    asked = []
    if archive:
        (public_heads / archive).write_bytes(b"")
    monkeypatch.setattr(scorer_folder, "OPENAI_ARCHIVES", {"ViT-first.pt": ("ViT-first", "")})
    monkeypatch.setattr(
        scorer_folder, "load_named_clip", lambda *args, **_: asked.append(args) or load_clip_folder(saved_folder)
    )

    scorer = load_clip_scorer(public_heads)

    assert [("ViT-first", public_heads / archive if archive else "openai")] == asked
    assert scorer.name.endswith("with first")


def test_heads_of_two_clips_are_refused(public_heads):
    """Public heads of two CLIPs do not go together, also where both read as many numbers."""
    (public_heads.parent / "second.safetensors").rename(public_heads / "second.safetensors")

    with pytest.raises(MissingModelError, match="second was trained on ViT-second, not on ViT-first"):
        load_clip_scorer(public_heads)
    with pytest.raises(MissingModelError, match="first was trained on ViT-first, not on ViT-L-14"):
        load_named_scorer([public_heads / "first.safetensors"])
