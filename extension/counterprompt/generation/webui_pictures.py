"""Takes the pictures out of a WebUI's answer, trusting nothing it says."""

from __future__ import annotations

import base64
import io
import json
from typing import TYPE_CHECKING, Any

from counterprompt.errors import GeneratorError

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("PNG", "JPEG", "WEBP")
"""What a host's `samples_format` may make of its answers."""


def largest_answer(count: int, size: tuple[int, int]) -> int:
    """Bound the bytes of an honest answer with *count* pictures of *size* (width, height) and a grid of them."""
    picture = size[0] * size[1] * 4 + 2**20
    return 8 * 2**20 + 2 * count * picture * 4 // 3


def decode_pictures(answer: Any, count: int, size: tuple[int, int]) -> list[Image.Image]:
    """Decode the *count* pictures of a txt2img answer into RGB images of *size* (width, height).

    A grid before them and whatever scripts add after them are left out.

    Raises:
        GeneratorError: they are too few, broken, or of another size.
    """
    images = answer.get("images") if isinstance(answer, dict) else None
    if not isinstance(images, list):
        raise GeneratorError('The WebUI\'s answer holds no "images"; is this a WebUI that this program knows?')
    first = _first_index(answer.get("info"))
    chosen = images[first : first + count]
    if len(chosen) != count:
        raise GeneratorError(f"The WebUI sent {len(chosen)} of {count} pictures; was it interrupted or skipped there?")
    return [_decoded(text, size) for text in chosen]


def _first_index(info: Any) -> int:
    """Read where the pictures begin: 1 where the host puts a grid first."""
    try:
        said = json.loads(info) if isinstance(info, str) else info
        index = said["index_of_first_image"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return 0
    return index if isinstance(index, int) and index >= 0 else 0


def _decoded(text: Any, size: tuple[int, int]) -> Image.Image:
    from PIL import Image

    try:
        encoded = text.partition(",")[2] if text.startswith("data:") else text
        picture = Image.open(io.BytesIO(base64.b64decode(encoded, validate=True)), formats=FORMATS)
        if picture.size != size:  # before anything is unpacked
            width, height = picture.size
            raise GeneratorError(f"The WebUI sent a {width}x{height} picture where {size[0]}x{size[1]} was asked for.")
        return picture.convert("RGB")
    except (AttributeError, ValueError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise GeneratorError("The WebUI sent a picture that cannot be decoded; look at its console.") from error
