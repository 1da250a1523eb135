"""Embeddings of texts, kept on disk."""

import numpy as np
import pytest

from counterprompt.tagging.text_cache import embed_cached

TEXTS = ("a photo.", "a dog", "a cat")


class _Embed:
    """Gives the unit vectors of one model and remembers what it was asked."""

    def __init__(self, seed=0):
        self.asked = []
        self._seed = seed

    def __call__(self, texts):
        self.asked.append(tuple(texts))
        rows = [np.random.default_rng([self._seed, *text.encode()]).normal(size=4) for text in texts]
        return np.array([row / np.linalg.norm(row) for row in rows], dtype=np.float32)


def test_texts_are_embedded_once(tmp_path):
    """The second time only one text is embedded, to see that it is the same model; the answers are the same."""
    first, second = _Embed(), _Embed()

    expected = embed_cached(TEXTS, first, tmp_path / "cache")

    assert np.array_equal(expected, embed_cached(TEXTS, second, tmp_path / "cache"))
    assert [TEXTS[:1], TEXTS] == first.asked
    assert [TEXTS[:1]] == second.asked


@pytest.mark.parametrize(("texts", "seed"), [((*TEXTS, "an owl"), 0), (TEXTS, 1)])
def test_other_texts_or_another_model_are_embedded_anew(tmp_path, texts, seed):
    """What was kept for another list or another model is not used."""
    embed_cached(TEXTS, _Embed(), tmp_path)
    embed = _Embed(seed)

    found = embed_cached(texts, embed, tmp_path)

    assert texts == embed.asked[-1]
    assert np.array_equal(_Embed(seed)(texts), found)


@pytest.mark.parametrize("content", [b"", b"PK broken", b"\x93NUMPY"])
def test_a_broken_file_is_replaced(tmp_path, content):
    """A file that cannot be read costs another embedding, no more."""
    embed_cached(TEXTS, _Embed(), tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(content)

    assert np.array_equal(_Embed()(TEXTS), embed_cached(TEXTS, _Embed(), tmp_path))
    embed = _Embed()
    embed_cached(TEXTS, embed, tmp_path)
    assert [TEXTS[:1]] == embed.asked


@pytest.mark.parametrize("folder", [None, "file"])
def test_without_a_folder_nothing_is_kept(tmp_path, folder):
    """No folder, or one that cannot be written to, is no fault."""
    (tmp_path / "file").write_text("in the way")

    assert (3, 4) == embed_cached(TEXTS, _Embed(), folder and tmp_path / folder / "cache").shape
