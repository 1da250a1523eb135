"""The durable record of scored pictures."""

from dataclasses import replace

import pytest
from PIL import Image

from counterprompt.errors import InvalidInputError
from counterprompt.ports import GenerationRequest, Scores
from counterprompt.search.record import ScoreRecord, picture_key

REQUEST = GenerationRequest("a house", "", 1)
SCORES = Scores(5.123456789012345, 0.1 + 0.2, {"blurry": 1 / 3}, {"clipped": 0.0})


@pytest.mark.parametrize("preference", [None, 20.0 + 1 / 3])
def test_scores_come_back_exactly(tmp_path, preference):
    """What another program opens later is bit for bit what was recorded."""
    scores = replace(SCORES, preference=preference)
    ScoreRecord(tmp_path, "fake").add([REQUEST], [scores])

    assert scores == ScoreRecord(tmp_path, "fake").find(REQUEST)
    assert 1 == ScoreRecord(tmp_path, "fake").count()


@pytest.mark.parametrize(
    "changes",
    [{"seed": 2}, {"negative_prompt": " "}, {"cfg_scale": 7.5}, {"steps": 21}, {"width": 520}, {"clip_skip": 2}],
)
def test_every_field_tells_pictures_apart(tmp_path, changes: dict):
    """A request that differs in any field is another picture."""
    record = ScoreRecord(tmp_path, "fake")
    record.add([REQUEST], [SCORES])

    assert record.find(replace(REQUEST, **changes)) is None


def test_another_scorer_knows_nothing():
    """Scores of one scorer are never taken for another's."""
    assert picture_key(REQUEST, "one") != picture_key(REQUEST, "two")


def test_kept_pictures_are_small(tmp_path):
    """A kept picture opens again, scaled down to 512 pixels; one that was not kept is None."""
    record = ScoreRecord(tmp_path, "fake")
    record.keep_picture(REQUEST, Image.new("RGB", (1024, 768), "red"))

    picture = record.open_picture(REQUEST)

    assert picture is not None
    assert (512, 384) == picture.size
    assert record.open_picture(replace(REQUEST, seed=2)) is None
    assert (tmp_path / record.picture_name(REQUEST)).exists()


def test_a_damaged_record_is_named(tmp_path):
    """A file that is no database is refused in one sentence."""
    (tmp_path / "scores.sqlite3").write_bytes(b"no database" * 100)

    with pytest.raises(InvalidInputError, match="cannot be opened"):
        ScoreRecord(tmp_path, "fake")


def test_a_full_disk_is_told(tmp_path):
    """Scores that find no room are said to, with the way on; those before stay."""
    record = ScoreRecord(tmp_path, "fake")
    record.add([REQUEST], [SCORES])
    record._connection.execute(
        f"PRAGMA max_page_count = {record._connection.execute('PRAGMA page_count').fetchone()[0]}"
    )
    many = [replace(REQUEST, seed=seed) for seed in range(9, 99)]

    with pytest.raises(InvalidInputError, match=r"full.* resume: no score is lost"):
        record.add(many, [SCORES] * len(many))
    assert (1, SCORES) == (record.count(), record.find(REQUEST))


def test_a_picture_that_cannot_be_kept_is_told(tmp_path):
    """What stands in the way of the folder is named."""
    (tmp_path / "pictures").touch()

    with pytest.raises(InvalidInputError, match="pictures cannot be written"):
        ScoreRecord(tmp_path, "fake").keep_picture(REQUEST, Image.new("RGB", (8, 8)))
