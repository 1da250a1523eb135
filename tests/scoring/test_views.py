"""The one preprocessing path."""

import numpy as np
import pytest
from PIL import Image

from counterprompt.scoring.clip_folder import OPENAI_MEAN, OPENAI_STD
from counterprompt.scoring.views import centre_crop, full_frame, normalised_batch, picture_views


def _noise(size):
    rng = np.random.default_rng(size[0])
    return Image.fromarray(rng.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))


@pytest.mark.parametrize("size", [(64, 64), (100, 64), (64, 97), (31, 50), (301, 200), (40, 40)])
def test_centre_crop_equals_open_clips_own(size):
    """The crop is, bit for bit, what open_clip's evaluation transform gives."""
    from open_clip.transform import image_transform

    image = _noise(size)
    theirs = image_transform(32, is_train=False, mean=OPENAI_MEAN, std=OPENAI_STD)(image).numpy()

    ours = normalised_batch([centre_crop(image, 32)], OPENAI_MEAN, OPENAI_STD)

    assert (1, 3, 32, 32) == ours.shape
    np.testing.assert_allclose(theirs, ours[0], atol=1e-5)


@pytest.mark.parametrize(("size", "views"), [((64, 64), 1), ((64, 96), 2), ((65, 64), 2)])
def test_full_frame_joins_where_not_square(size, views):
    """A square picture is seen once, another one twice."""
    assert [(32, 32)] * views == [view.size for view in picture_views(_noise(size), 32)]


def test_full_frame_sees_what_the_crop_loses():
    """A mark at the far end of a wide picture is in the full frame only."""
    image = Image.new("RGB", (128, 32))
    image.paste((255, 255, 255), (0, 0, 16, 32))

    assert np.asarray(centre_crop(image, 32)).max() == 0
    assert np.asarray(full_frame(image, 32)).max() == 255
