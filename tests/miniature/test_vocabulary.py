"""Token ids are CLIP's, and a table survives being shipped as its trained rows alone."""

import numpy as np

from counterprompt.miniature.vocabulary import encode, full_table, trained_rows, untrained_embeddings


def test_text_is_encoded_as_clip_does():
    """Known ids of OpenAI's vocabulary: start, "red", "circle", end, then padding."""
    ids = encode("Red circle", padding=49407)

    assert (49406, 736, 7117, 49407, 49407) == ids[:5]
    assert 77 == len(ids)
    assert 0 == encode("red", padding=0)[-1]


def test_a_table_is_whole_again_after_shipping():
    """Rows that training moved come back to half precision, all others exactly."""
    table = untrained_embeddings(8)
    table[[3, 40_000]] += 0.25

    ids, rows = trained_rows(table)
    again = full_table(ids, rows)

    assert [3, 40_000] == ids.tolist()
    assert np.abs(again - table).max() < 1e-3
    assert np.array_equal(np.delete(again, ids, axis=0), np.delete(table, ids, axis=0))
