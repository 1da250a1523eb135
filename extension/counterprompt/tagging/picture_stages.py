"""The stages of a `preprocess.json` that change a picture; names and options are those of imgutils, as files hold them.

`resize` to one number scales the shorter edge, as torchvision does, and with `max_size` as far as the longer one
allows; two numbers are height and width. `pad_to_size` scales a picture to fit into a square and centres it there.
`center_crop` cuts the middle out and fills with black what is not there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from PIL import Image, ImageColor

from counterprompt.errors import MissingModelError

if TYPE_CHECKING:
    Stage = Callable[[Image.Image], Image.Image]
    Options = Mapping[str, Any]

_LARGEST: Final = 4096
_LONGEST: Final = 16384
"""Pixels to which the longer edge of a picture of a few pixels' width may grow."""
_FILTERS: Final = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "box": Image.Resampling.BOX,
    "hamming": Image.Resampling.HAMMING,
    "lanczos": Image.Resampling.LANCZOS,
}


class UnclearStageError(MissingModelError):
    """What a `preprocess.json` asks for is not known here; the message goes on "that file ..."."""


def on_white(image: Image.Image) -> Image.Image:
    """Return *image* as RGB, on white where it is transparent."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layer.size, (255, 255, 255, 255)), layer)
    return image.convert("RGB")


def three_numbers(options: Options, name: str) -> tuple[float, ...]:
    """Read a number for each of red, green and blue; one number stands for all three.

    Raises:
        UnclearStageError: it is something else.
    """
    value = options.get(name)
    values: list[Any] = value if isinstance(value, list) else [value] * 3
    if len(values) == 1:
        values = values * 3
    if len(values) != 3 or not all(_is_number(one) for one in values):
        raise UnclearStageError(f"gives {value!r} as {name} instead of three numbers")
    return tuple(float(one) for one in values)


def _on_white(options: Options) -> Stage:
    if options.get("force_background") not in ("white", None):
        raise UnclearStageError(f"lays pictures on {options['force_background']!r}")
    return on_white


def _pad(options: Options) -> Stage:
    height, width = _edges(options)
    if height != width:
        raise UnclearStageError(f"pads to {height}x{width}, which is no square")
    resampling, fill = _filter(options), _colour(options.get("background_color", "white"))

    def pad(image: Image.Image) -> Image.Image:
        ratio = width / max(image.size)
        fitted = (max(1, round(image.width * ratio)), max(1, round(image.height * ratio)))
        scaled = image if fitted == image.size else image.resize(fitted, resampling)
        square = Image.new("RGB", (width, width), fill)
        square.paste(scaled, ((width - fitted[0]) // 2, (width - fitted[1]) // 2))
        return square

    return pad


def _resize(options: Options) -> Stage:
    size, longest, resampling = options.get("size"), options.get("max_size"), _filter(options)
    if isinstance(size, list) and len(size) == 2:
        height, width = _edges(options)
        return lambda image: image if image.size == (width, height) else image.resize((width, height), resampling)
    shorter, _ = _edges(options)
    if longest is not None and not _is_edge(longest):
        raise UnclearStageError(f"gives {longest!r} as max_size")

    def resize(image: Image.Image) -> Image.Image:
        ratio = shorter / min(image.size)
        edges = [shorter if edge == min(image.size) else min(int(edge * ratio), _LONGEST) for edge in image.size]
        if longest is not None and max(edges) > longest:
            edges = [longest if edge == max(edges) else int(edge * longest / max(edges)) for edge in edges]
        fitted = (max(1, edges[0]), max(1, edges[1]))
        return image if fitted == image.size else image.resize(fitted, resampling)

    return resize


def _crop(options: Options) -> Stage:
    height, width = _edges(options)

    def crop(image: Image.Image) -> Image.Image:
        left, top = (image.width - width) // 2, (image.height - height) // 2
        return image.crop((left, top, left + width, top + height))

    return crop


PICTURE_STAGES: Final[dict[str, Callable[[Options], Stage]]] = {
    "convert_rgb": _on_white,
    "pad_to_size": _pad,
    "resize": _resize,
    "center_crop": _crop,
}
"""Stage to what makes it of its options; each raises UnclearStageError for options that it does not know."""


def _edges(options: Options) -> tuple[int, int]:
    """Return height and width of "size", or of "height" and "width"; one number is both."""
    size = options.get("size", [options.get("height"), options.get("width")])
    edges = size if isinstance(size, list) else [size]
    if len(edges) not in {1, 2} or not all(_is_edge(edge) for edge in edges):
        raise UnclearStageError(f"gives {size!r} as a size")
    return edges[0], edges[-1]


def _filter(options: Options) -> Image.Resampling:
    name = str(options.get("interpolation", "bilinear"))
    if name not in _FILTERS:
        raise UnclearStageError(f"gives {name!r} as interpolation")
    if options.get("antialias", True) is False:
        raise UnclearStageError("scales without antialias")
    return _FILTERS[name]


def _colour(value: Any) -> tuple[int, ...]:
    if isinstance(value, list) and len(value) == 3 and all(_is_number(one) and 0 <= one <= 255 for one in value):
        return tuple(int(one) for one in value)
    try:
        return ImageColor.getrgb(value)[:3]
    except (ValueError, AttributeError, TypeError) as error:
        raise UnclearStageError(f"gives {value!r} as a colour") from error


def _is_edge(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
