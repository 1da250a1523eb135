"""Draw Things' JSON (as exiftool shows it: cocktailpeanut/breadmachine issue 2)."""

import json
from collections.abc import Callable
from html import escape
from typing import Any

import pytest

from counterprompt.imagefile.programs.drawthings import read_drawthings
from counterprompt.imagefile.programs.reading import ProgramReading
from counterprompt.imagefile.texts import EmbeddedTexts

Reader = Callable[..., ProgramReading]
SETTINGS: dict[str, Any] = {
    "c": 'a "fat" cat & dog',
    "uc": "blurry",
    "seed": 1177739245,
    "steps": 30,
    "scale": 7,
    "sampler": "DPM++ 2M Karras",
    "size": "1152x768",
    "model": "juggernaut_reborn_q6p_q8p.ckpt",
    "strength": 1,
    "lora": [{"model": "detail_f16.ckpt", "weight": 0.6}],
    "seed_mode": "Scale Alike",
    "v2": {"clipSkip": 2},
}


def _packet(settings: dict[str, Any]) -> str:
    comment = escape(json.dumps(settings))
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description><xmp:CreatorTool>Draw Things</xmp:CreatorTool>'
        f'<exif:UserComment><rdf:Alt><rdf:li xml:lang="x-default">{comment}</rdf:li></rdf:Alt></exif:UserComment>'
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )


@pytest.mark.parametrize(
    "texts", [{"xmp": _packet(SETTINGS)}, {"UserComment": json.dumps(SETTINGS)}], ids=["xmp", "exif"]
)
def test_everything_is_put_into_the_webuis_words(read: Reader, texts: dict[str, str]) -> None:
    """XMP and EXIF carry the same JSON; precision and quantization go from the file names."""
    assert (
        'a "fat" cat & dog <lora:detail:0.6>\nNegative prompt: blurry\n'
        "Steps: 30, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 1177739245, Size: 1152x768, "
        "Model: juggernaut_reborn, Clip skip: 2, App: Draw Things"
    ) == read(texts).infotext


@pytest.mark.parametrize(
    ("sampler", "labels"),
    [
        ("Euler A", ("Euler a", "Automatic")),
        ("DPM++ 2M AYS", ("DPM++ 2M", "Align Your Steps")),
        ("UniPC Trailing", ("UniPC", "Uniform")),
        ("DDIM", ("DDIM", "Automatic")),
    ],
)
def test_samplers_carry_their_schedule(read: Reader, sampler: str, labels: tuple[str, str]) -> None:
    """The schedule stands at the end of the sampler's name."""
    gen_params = read({"UserComment": json.dumps({**SETTINGS, "sampler": sampler})}).params

    assert labels == gen_params.sampler_and_scheduler


@pytest.mark.parametrize("packet", ["", "<x/>", "<exif:UserComment>", "<exif:UserComment>x</exif:UserComment>", "{}"])
def test_other_packets_are_not_ours(packet: str) -> None:
    """A packet without the JSON is none of Draw Things'."""
    assert read_drawthings(EmbeddedTexts({"xmp": packet}, 4, 4)) is None
