"""Aesthetic heads in LAION's layouts."""

import pickle

import numpy as np
import pytest

from counterprompt.errors import MissingModelError
from counterprompt.scoring.aesthetic import load_aesthetic_head
from counterprompt.scoring.known_heads import KNOWN_HEADS, KnownHead

WIDTHS = {0: (6, 5), 2: (5, 4), 4: (4, 4), 6: (4, 3), 7: (3, 1)}


def _v2_tensors(numbers=WIDTHS):
    import torch

    draws = torch.Generator().manual_seed(3)
    tensors = {}
    for number, (inner, outer) in zip(numbers, WIDTHS.values()):
        tensors[f"layers.{number}.weight"] = torch.randn(outer, inner, generator=draws)
        tensors[f"layers.{number}.bias"] = torch.randn(outer, generator=draws)
    return tensors


@pytest.mark.parametrize("ending", ["safetensors", "pth"])
def test_v1_layout(tmp_path, ending):
    """One linear layer is read as it is, from either kind of file."""
    import torch
    from safetensors.torch import save_file

    tensors = {"weight": torch.tensor([[1.0, -2.0]]), "bias": torch.tensor([5.0])}
    path = tmp_path / f"head.{ending}"
    (save_file if ending == "safetensors" else torch.save)(tensors, str(path))

    head = load_aesthetic_head(path, is_trusted=True)

    np.testing.assert_allclose([3.8, 6.0], head.score(np.array([[0.0, 0.6], [1.0, 0.0]], dtype=np.float32)), atol=1e-6)
    assert "head" == head.name


def test_v2_layout_folds_exactly(tmp_path):
    """The folded vector scores like the chain of five layers."""
    import torch
    from safetensors.torch import save_file

    tensors = _v2_tensors()
    path = tmp_path / "v2.safetensors"
    save_file(tensors, str(path))
    embeddings = torch.randn(7, 6, generator=torch.Generator().manual_seed(4))
    chained = embeddings
    for number in WIDTHS:
        chained = torch.nn.functional.linear(
            chained, tensors[f"layers.{number}.weight"], tensors[f"layers.{number}.bias"]
        )

    np.testing.assert_allclose(
        chained[:, 0].numpy(),
        load_aesthetic_head(path, is_trusted=True).score(embeddings.numpy()),
        rtol=1e-4,
        atol=1e-4,
    )


def test_net_with_activations_is_refused(tmp_path):
    """LAION's relu net numbers its layers otherwise; folding it would be wrong, so it is refused."""
    from safetensors.torch import save_file

    path = tmp_path / "relu.safetensors"
    save_file(_v2_tensors((0, 3, 6, 9, 11)), str(path))

    with pytest.raises(MissingModelError, match="no affine"):
        load_aesthetic_head(path, is_trusted=True)


def test_head_with_two_outputs_is_refused(tmp_path):
    """A head must end in one number."""
    import torch
    from safetensors.torch import save_file

    path = tmp_path / "two.safetensors"
    save_file({"weight": torch.ones(2, 3), "bias": torch.ones(2)}, str(path))

    with pytest.raises(MissingModelError, match="one number"):
        load_aesthetic_head(path, is_trusted=True)


def test_layers_that_do_not_fit_are_refused(tmp_path):
    """A chain with a gap in its widths is refused."""
    import torch
    from safetensors.torch import save_file

    path = tmp_path / "gap.safetensors"
    save_file({**_v2_tensors(), "layers.4.weight": torch.ones(4, 9)}, str(path))

    with pytest.raises(MissingModelError, match="do not fit"):
        load_aesthetic_head(path, is_trusted=True)


class _Payload:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_pickle_runs_no_code(tmp_path):
    """A hostile .pth file is refused, and what it asks for is not run."""
    path, footprint = tmp_path / "head.pth", tmp_path / "was-here"
    path.write_bytes(pickle.dumps({"weight": _Payload(footprint)}, protocol=2))

    with pytest.raises(MissingModelError, match="cannot be read as plain weights"):
        load_aesthetic_head(path, is_trusted=True)

    assert not footprint.exists()


@pytest.mark.parametrize("name", ["head.pth", "head.safetensors"])
@pytest.mark.parametrize("content", [b"", b"not weights", pickle.dumps([1], protocol=2)])
def test_broken_file_is_refused(tmp_path, name, content):
    """An empty file, a text, and a pickle of something else are each refused in one sentence."""
    (tmp_path / name).write_bytes(content)

    with pytest.raises(MissingModelError, match="cannot be read as plain weights"):
        load_aesthetic_head(tmp_path / name, is_trusted=True)


def test_unknown_head_is_refused_unless_trusted(tmp_path):
    """A head that is none of the public ones decides nothing before somebody vouches for it."""
    import torch
    from safetensors.torch import save_file

    path = tmp_path / "mine.safetensors"
    save_file({"weight": torch.ones(1, 3), "bias": torch.zeros(1)}, str(path))

    with pytest.raises(MissingModelError, match="no public aesthetic head; if you trust it"):
        load_aesthetic_head(path)
    assert "" == load_aesthetic_head(path, is_trusted=True).architecture


@pytest.mark.parametrize("is_trusted", [False, True])
@pytest.mark.parametrize("known", KNOWN_HEADS, ids=lambda known: known.name)
def test_impostor_of_a_public_head_is_refused(tmp_path, known, is_trusted):
    """A file called like a public head but with other content is refused, trusted or not, and the source is named."""
    path = tmp_path / known.file_name
    path.write_bytes(b"other content")

    with pytest.raises(MissingModelError, match="called like") as caught:
        load_aesthetic_head(path, is_trusted=is_trusted)

    assert known.url in str(caught.value)
    assert known.sha256[:12] in str(caught.value)


def test_public_head_is_told_by_its_hash(tmp_path, monkeypatch):
    """A file whose hash is a public head's is that head, whatever it is called, and brings its CLIP with it."""
    import hashlib

    import torch
    from safetensors.torch import save

    content = save({"weight": torch.ones(1, 3), "bias": torch.zeros(1)})
    known = KnownHead("LAION v9", "v9.pth", hashlib.sha256(content).hexdigest(), "ViT-L-14", "MIT", "LAION-AI/v9")
    monkeypatch.setattr("counterprompt.scoring.known_heads.KNOWN_HEADS", (known,))
    path = tmp_path / "renamed.safetensors"
    path.write_bytes(content)

    head = load_aesthetic_head(path)

    assert ("LAION v9", "ViT-L-14") == (head.name, head.architecture)


def test_huge_file_is_refused_unread(tmp_path):
    """A file as large as a checkpoint is no head."""
    path = tmp_path / "head.pth"
    with path.open("wb") as file:
        file.truncate((64 << 20) + 1)

    with pytest.raises(MissingModelError, match="larger than 64 MiB"):
        load_aesthetic_head(path, is_trusted=True)


def test_missing_head_is_named(tmp_path):
    """A path without a file is named."""
    with pytest.raises(MissingModelError, match=r"no aesthetic head at .*gone\.pth"):
        load_aesthetic_head(tmp_path / "gone.pth")
