"""Writing infotext into pictures."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from counterprompt.errors import InvalidInputError
from counterprompt.imagefile.read import open_picture, read_picture
from counterprompt.imagefile.write import write_infotext

Maker = Callable[..., bytes]
NEW = "ein Hund, 猫\nNegative prompt: é\nSteps: 3, Sampler: Euler, Seed: 2\n "


HAS_AVIF = ".avif" in Image.registered_extensions()
FILES = ["new png", "old png", "new jpeg", "old jpeg", "new webp", "old webp", "new gif", "old gif"]
FILES += ["new avif", "old avif"] if HAS_AVIF else []


@pytest.fixture(params=FILES)
def path(request: pytest.FixtureRequest, tmp_path: Path, make_png: Maker, make_jpeg: Maker, infotext: str) -> Path:
    """A picture file of either format, with and without infotext."""
    contents = {
        "new png": make_png({"other": "x"}),
        "old png": make_png({"parameters": infotext}),
        "new jpeg": make_jpeg(),
        "old jpeg": make_jpeg(infotext.encode()),
        "new webp": make_jpeg(None, "WEBP"),
        "new gif": make_jpeg(None, "GIF"),
        "old gif": make_jpeg(None, "GIF", comment=infotext.encode()),
        "old webp": make_jpeg(infotext.encode(), "WEBP", xmp=b"<x/>", mode="RGBA", lossless=True),
    }
    if request.param.endswith("avif"):
        settings = {"new avif": {}, "old avif": {"user_comment": infotext.encode(), "xmp": b"<x/>"}}
        contents |= {name: make_jpeg(**{"image_format": "AVIF", **more}) for name, more in settings.items()}
    path = tmp_path / "picture"
    path.write_bytes(contents[request.param])
    return path


def test_what_is_written_is_read(path: Path) -> None:
    """Any text comes back as it was, and the pixels are the same."""
    pixels = open_picture(path).tobytes()

    write_infotext(path, NEW)

    assert NEW == read_picture(path).infotext
    assert pixels == open_picture(path).tobytes()
    assert [path.name] == os.listdir(path.parent)


def test_other_exif_stays(tmp_path: Path, make_jpeg: Maker) -> None:
    """Orientation, camera and lens stay beside the new UserComment."""
    exif = Image.Exif()
    exif[0x0112], exif[0x0110] = 6, "Camera"
    exif[0x8769] = {0xA434: "Lens"}
    path = tmp_path / "a.jpg"
    path.write_bytes(make_jpeg(exif=exif.tobytes()))

    write_infotext(path, NEW)

    kept = Image.open(path).getexif()
    assert (6, "Camera", "Lens") == (kept[0x0112], kept[0x0110], kept.get_ifd(0x8769)[0xA434])
    assert NEW == read_picture(path).infotext


def test_a_broken_exif_block_is_replaced(tmp_path: Path, make_jpeg: Maker) -> None:
    """EXIF that nobody can read does not stop the writing."""
    path = tmp_path / "a.jpg"
    path.write_bytes(make_jpeg(exif=b"Exif\0\0broken"))

    write_infotext(path, NEW)

    assert NEW == read_picture(path).infotext


@pytest.mark.parametrize(
    ("image_format", "infotext", "complaint"),
    [
        ("PNG", "", "empty"),
        ("BMP", "a", "neither PNG, JPEG, WebP, AVIF nor GIF"),
        ("JPEG", "a" * 40_000, "use a PNG"),
        ("JPEG", "a\0", "unchanged"),
        ("PNG", "a" * 1_000_001, "characters"),
    ],
)
def test_what_does_not_fit_leaves_the_file_alone(
    tmp_path: Path, make_jpeg: Maker, image_format: str, infotext: str, complaint: str
) -> None:
    """A text that cannot be carried is refused, and not a byte of the file changes."""
    path = tmp_path / "a"
    path.write_bytes(before := make_jpeg(None, image_format))

    with pytest.raises(InvalidInputError, match=complaint):
        write_infotext(path, infotext)

    assert before == path.read_bytes()
    assert [path.name] == os.listdir(tmp_path)


def test_texts_that_would_hide_it_are_named(tmp_path: Path, make_png: Maker) -> None:
    """NovelAI's texts are read before any infotext, so writing one beside them would be in vain."""
    path = tmp_path / "a.png"
    comment = '{"sampler": "k_euler", "uc": "", "steps": 28, "scale": 11, "seed": 5, "prompt": "a cat"}'
    path.write_bytes(before := make_png({"Software": "NovelAI", "Description": "a cat", "Comment": comment}))

    with pytest.raises(InvalidInputError, match="NovelAI"):
        write_infotext(path, NEW)
    assert before == path.read_bytes()


def test_half_surrogates_are_refused(tmp_path: Path, make_png: Maker) -> None:
    """A text that no encoding can hold is refused with our own error."""
    path = tmp_path / "a.png"
    path.write_bytes(make_png())

    with pytest.raises(InvalidInputError):
        write_infotext(path, "\ud800")


def test_links_and_permissions_stay(tmp_path: Path, make_png: Maker) -> None:
    """Writing through a link changes the file behind it, which keeps its mode."""
    path, link = tmp_path / "a.png", tmp_path / "link.png"
    path.write_bytes(make_png())
    path.chmod(0o640)
    link.symlink_to(path)

    write_infotext(link, NEW)

    assert link.is_symlink()
    assert NEW == read_picture(path).infotext
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_failed_replacement_leaves_nothing_behind(
    tmp_path: Path, make_png: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the last step fails the old file is whole and no temporary file is left."""

    def refuse(*_: object) -> None:
        raise OSError("disk on fire")

    path = tmp_path / "a.png"
    path.write_bytes(before := make_png())
    monkeypatch.setattr(Path, "replace", refuse)

    with pytest.raises(InvalidInputError, match="disk on fire"):
        write_infotext(path, NEW)

    assert (before, [path.name]) == (path.read_bytes(), os.listdir(tmp_path))


def test_text_chunks_of_16_bit_pictures_survive(tmp_path: Path) -> None:
    """No pixel is re-encoded, so deep pictures stay deep."""
    file = io.BytesIO()
    Image.new("I;16", (2, 2), 40_000).save(file, "PNG")
    path = tmp_path / "a.png"
    path.write_bytes(file.getvalue())

    write_infotext(path, NEW)

    assert Image.open(path).getpixel((0, 0)) == 40_000
