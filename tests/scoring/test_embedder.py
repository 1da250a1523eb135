"""Embeddings of pictures and texts."""

import numpy as np
import pytest

from counterprompt.errors import ScorerError
from counterprompt.scoring.clip_folder import load_clip_folder
from counterprompt.scoring.embedder import ClipEmbedder, token_chunks, unit_rows


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


@pytest.mark.parametrize(
    ("text", "limit", "lengths"),
    [
        ("", 4, [0]),
        ("cat", 4, [1]),
        ("cat, dog", 4, [3]),
        ("cat, dog, cow", 4, [4, 2]),  # cut at the comma, not inside a term
        ("cat cat cat cat cat cat, dog", 4, [4, 3, 2]),  # a term that fits nowhere is cut
        (",,,, ,,,, ,,,, ,,,, ,,,,, dog", 2, [2]),  # empty terms are dropped
    ],
)
def test_long_text_is_cut_at_commas(text, limit, lengths):
    """Runs are at most as long as the limit and begin with a term where they can."""
    assert lengths == [len(chunk) for chunk in token_chunks(text, limit)]


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
