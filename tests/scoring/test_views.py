"""The one preprocessing path."""

import numpy as np
import pytest
from PIL import Image

from counterprompt.scoring.clip_folder import OPENAI_MEAN, OPENAI_STD
from counterprompt.scoring.views import centre_crop, full_frame, normalised_batch, padded_frame, picture_views, views_of


def _noise(size):
    rng = np.random.default_rng(size[0])
    return Image.fromarray(rng.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))


@pytest.mark.parametrize("size", [(64, 64), (100, 64), (64, 97), (31, 50), (301, 200), (40, 40), (2, 200)])
def test_centre_crop_equals_open_clips_own(size):
    """The crop is, bit for bit, what open_clip's evaluation transform gives."""
    from open_clip.transform import image_transform

    image = _noise(size)
    theirs = image_transform(32, is_train=False, mean=OPENAI_MEAN, std=OPENAI_STD)(image).numpy()

    ours = normalised_batch([centre_crop(image, 32)], OPENAI_MEAN, OPENAI_STD)

    assert (1, 3, 32, 32) == tuple(ours.shape)
    np.testing.assert_allclose(theirs, ours[0].numpy(), atol=1e-5)


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


@pytest.mark.parametrize(
    ("size", "box"),
    [((64, 64), (0, 0, 32, 32)), ((64, 32), (0, 8, 32, 24)), ((20, 100), (13, 0, 19, 32)), ((33, 32), (0, 0, 32, 31))],
)
def test_padded_frame_keeps_the_whole_picture(size, box):
    """The longer side fills the square, the picture stands in the middle, the rest is black."""
    frame = padded_frame(Image.new("RGB", size, "white"), 32)

    assert (32, 32) == frame.size
    assert box == frame.getbbox()


def test_threads_keep_the_order():
    """Many large pictures, resized at the same time, come back in the order they were given."""
    images = [Image.new("RGB", (300, 260), (level, 0, 0)) for level in range(0, 240, 12)]

    views = views_of(images, 16)

    assert [image.getpixel((0, 0)) for image in images] == [group[0].getpixel((0, 0)) for group in views]
    assert {2} == {len(group) for group in views}


def test_a_thread_of_pixels_takes_no_gigabytes():
    """A picture far longer than wide is seen like any other; enlarged as a whole it would not fit into memory."""
    assert [(32, 32), (32, 32)] == [view.size for view in picture_views(Image.new("RGB", (1, 2_000_000)), 32)]
