"""Embeddings of pictures and texts."""

import numpy as np
import pytest

from counterprompt.errors import ScorerError
from counterprompt.scoring.clip_folder import load_clip_folder
from counterprompt.scoring.embedder import ClipEmbedder, unit_rows
from counterprompt.scoring.tokens import token_chunks


@pytest.fixture(scope="module")
def embedder(saved_folder):
    """An embedder on the tiny network."""
    return ClipEmbedder(load_clip_folder(saved_folder), batch_size=2)


def test_pictures_become_unit_vectors(embedder, pictures):
    """Each picture, whatever its shape, gives one float32 unit vector."""
    embeddings = embedder.embed_pictures(pictures)

    assert ((3, 8), np.float32) == (embeddings.shape, embeddings.dtype)
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1.0, atol=1e-6)


def test_batches_do_not_change_the_answer(embedder, pictures):
    """A picture embedded alone gives what it gives among others."""
    together = embedder.embed_pictures(pictures)

    for row, picture in enumerate(pictures):
        np.testing.assert_allclose(together[row], embedder.embed_pictures([picture])[0], atol=1e-5)


def test_nothing_gives_nothing(embedder):
    """No pictures and no texts give arrays without rows."""
    assert (0, 8) == embedder.embed_pictures([]).shape
    assert (0, 8) == embedder.embed_texts([]).shape


def test_short_text_equals_open_clips_own(embedder):
    """A text that fits goes through exactly as open_clip would send it."""
    import open_clip
    import torch

    rows = open_clip.tokenize(["a red circle"], context_length=16)
    with torch.inference_mode():
        expected = embedder.clip.network.encode_text(rows, normalize=True).numpy()

    np.testing.assert_allclose(expected, embedder.embed_texts(["a red circle"]), atol=1e-6)


def test_end_of_a_long_text_counts(embedder):
    """What stands beyond the context length still changes the embedding."""
    start = ", ".join(["red circle"] * 12)

    first, second = embedder.embed_texts([f"{start}, snow", f"{start}, lava"])

    assert np.abs(first - second).max() > 1e-4


def test_long_text_is_the_mean_of_its_chunks(embedder):
    """A text of more tokens than fit is the mean of its parts' unit vectors, each counted by its tokens."""
    first, second = "red, green, blue, white, black, grey, pink,", "owl"  # 14 tokens fit
    parts = embedder.embed_texts([first, f"{second},"])  # every term of a long text goes with its comma
    expected = 14 * parts[0] + 2 * parts[1]

    (actual,) = embedder.embed_texts([f"{first} {second}"])

    assert [14, 2] == [len(chunk) for chunk in token_chunks(f"{first} {second}", 14)]
    np.testing.assert_allclose(expected / np.linalg.norm(expected), actual, atol=1e-6)


@pytest.mark.parametrize("row", [[0.0, 0.0], [np.nan, 1.0], [np.inf, 1.0]])
def test_broken_embedding_is_refused(row):
    """An embedding without a direction is refused, for no score could be trusted."""
    with pytest.raises(ScorerError, match="broken"):
        unit_rows(np.array([row]))


def test_logit_scale_is_read(roughness_clip):
    """The scale is the network's own, out of its logarithm."""
    assert pytest.approx(10.0) == ClipEmbedder(roughness_clip).logit_scale


def test_batch_size_is_checked(roughness_clip):
    """A batch without pictures is refused."""
    with pytest.raises(ScorerError, match="not 0"):
        ClipEmbedder(roughness_clip, 0)


def test_memory_running_out_changes_no_embedding(saved_folder, pictures, monkeypatch):
    """Where two views at once are too many, one after the other gives the same embeddings."""
    import torch

    embedder = ClipEmbedder(load_clip_folder(saved_folder), batch_size=4)
    expected = embedder.embed_pictures(pictures)
    encode = embedder.clip.network.encode_image

    def encode_one(batch):
        if len(batch) > 1:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory")
        return encode(batch)

    monkeypatch.setattr(embedder.clip.network, "encode_image", encode_one)

    np.testing.assert_allclose(expected, embedder.embed_pictures(pictures), atol=1e-5)
    assert 1 == embedder.guest.batch_size


def test_half_precision_hardly_moves_an_embedding(saved_folder, pictures):
    """In 16 bits an embedding keeps its direction, and the texts' are untouched."""
    full = ClipEmbedder(load_clip_folder(saved_folder))
    half = ClipEmbedder(load_clip_folder(saved_folder), precision="bf16")

    cosines = (full.embed_pictures(pictures) * half.embed_pictures(pictures)).sum(axis=1)

    np.testing.assert_allclose(1.0, cosines, atol=1e-3)
    np.testing.assert_array_equal(full.embed_texts(["a circle"]), half.embed_texts(["a circle"]))
