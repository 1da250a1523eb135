"""Small pictures of every container and program, made on the spot: where `fuzz_reading.py` starts from."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin, features

INFOTEXT = (
    "a (cat:1.2), <lora:striped:0.7>\nNegative prompt: blurry, (bad anatomy:1.3)\nSteps: 20, Sampler: DPM++ 2M Karras, "
    'CFG scale: 7, Seed: 1, Size: 16x12, Model hash: 0123456789, Lora hashes: "striped: 012345678901, b: ab", Version: '
    "v1.10.1"
)
_GRAPH = {
    "3": {
        "class_type": "KSampler",
        "inputs": {
            "seed": 5,
            "steps": 20,
            "cfg": 8.0,
            "sampler_name": "euler",
            "scheduler": "normal",
            "denoise": 1.0,
            "model": ["4", 0],
            "positive": ["6", 0],
            "negative": ["7", 0],
            "latent_image": ["5", 0],
        },
    },
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "a.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 16, "height": 12, "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a cat", "clip": ["4", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", "clip": ["4", 1]}},
}
_WORKFLOW = {
    "nodes": [{"id": 6, "type": "CLIPTextEncode", "inputs": [], "widgets_values": ["a cat"]}],
    "links": [[1, 4, 1, 6, 0, "CLIP"]],
    "version": 0.4,
}
_SAMPLER_INPUTS = [{"name": "model", "type": "MODEL", "link": 1}, {"name": "latent_image", "type": "LATENT", "link": 2}]
_SUBGRAPH = {
    "nodes": [
        {"id": 4, "type": "s", "inputs": [{"name": "model", "type": "MODEL", "link": 3}], "widgets_values": [7]},
        {"id": 5, "type": "workflow>G", "outputs": [{"type": "MODEL"}], "widgets_values": ["a.safetensors"]},
        {"id": 6, "type": "SaveImage", "inputs": [{"name": "images", "type": "LATENT", "link": 4}]},
    ],
    "links": [[3, 5, 0, 4, 0, "MODEL"], [4, 4, 0, 6, 0, "LATENT"]],
    "definitions": {
        "subgraphs": [
            {
                "id": "s",
                "inputs": [{"name": "model", "linkIds": [1]}],
                "outputs": [{"name": "LATENT", "linkIds": [2]}],
                "nodes": [{"id": 3, "type": "KSampler", "inputs": _SAMPLER_INPUTS, "widgets_values": [5, "fixed", 20]}],
                "links": [
                    {"id": 1, "origin_id": -10, "origin_slot": 0, "target_id": 3, "target_slot": 0},
                    {"id": 2, "origin_id": 3, "origin_slot": 0, "target_id": -20, "target_slot": 0},
                ],
            }
        ]
    },
    "extra": {
        "groupNodes": {
            "G": {
                "nodes": [{"type": "CheckpointLoaderSimple", "outputs": [{"type": "MODEL"}], "widgets_values": ["b"]}]
            }
        }
    },
}
_NOVELAI = {
    "Software": "NovelAI",
    "Source": "NovelAI Diffusion V4 37442FCA",
    "Description": "a cat",
    "Comment": json.dumps(
        {
            "prompt": "a cat",
            "uc": "blurry",
            "steps": 28,
            "scale": 5,
            "seed": 7,
            "sampler": "k_euler",
            "v4_prompt": {
                "caption": {"base_caption": "{a [cat], 1.5::x", "char_captions": [{"char_caption": "-1::a hat::"}]}
            },
        }
    ),
}
_FOOOCUS = {
    "prompt": "a cat",
    "negative_prompt": "blurry",
    "steps": 30,
    "seed": "5",
    "base_model": "a",
    "sampler": "euler",
}
_INVOKE = {
    "positive_prompt": "a (cat+ (b)1.2)-- c++",
    "negative_prompt": "",
    "steps": 30,
    "seed": 5,
    "model": {"model_name": "a"},
}
_SWARM = {"sui_image_params": {"prompt": "a cat", "steps": 20, "seed": 4, "cfgscale": 7.0, "model": "a"}}
_DRAW_THINGS = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:UserComment><rdf:Alt><rdf:li>{"c":"a cat","uc":"","steps":4,"seed":3,'
    '"scale":7,"sampler":"Euler A"}</rdf:li></rdf:Alt></exif:UserComment></x:xmpmeta>'
)
_XMP_INFOTEXT = (
    f"<x:xmpmeta><rdf:RDF><rdf:Description Iptc4xmpExt:AISystemUsed='x'><dc:description><rdf:Alt><rdf:li>{INFOTEXT}"
    "</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"
)
TEXTS: tuple[dict[str, str], ...] = (
    {"parameters": INFOTEXT},
    {"prompt": json.dumps(_GRAPH), "workflow": json.dumps(_WORKFLOW)},
    {"workflow": json.dumps(_SUBGRAPH)},
    _NOVELAI,
    {"parameters": json.dumps(_FOOOCUS), "fooocus_scheme": "fooocus"},
    {"invokeai_metadata": json.dumps(_INVOKE)},
    {"sd-metadata": json.dumps({"image": {"prompt": [{"prompt": "a cat [blurry]", "weight": 1}], "steps": 3}})},
    {"Dream": '"a cat [blurry]" -s 50 -S 7 -W 16 -H 12 -C 7.5 -A k_lms'},
    {"parameters": json.dumps(_SWARM)},
    {"XML:com.adobe.xmp": _DRAW_THINGS},
    {"XML:com.adobe.xmp": _XMP_INFOTEXT},
    {"prompt": "a cat", "negative_prompt": "", "seed": "3", "num_inference_steps": "25", "guidance_scale": "7.5"},
)
"""PNG texts of each program."""


def make_seed_pictures() -> Iterator[bytes]:
    """Make about fifty pictures of 16x12 to 64x64 pixels."""
    for texts in TEXTS:
        for is_packed in (False, True):
            chunks = PngImagePlugin.PngInfo()
            for key, text in texts.items():
                chunks.add_itxt(key, text, zip=is_packed) if is_packed else chunks.add_text(key, text)
            yield _save("PNG", pnginfo=chunks)
    for image_format in ("JPEG", "WEBP", "PNG", *(["AVIF"] if features.check("avif") else [])):
        for comment in _encode_comments():
            exif = Image.Exif()
            exif[0x010F], exif[0x0112] = f"workflow:{json.dumps(_WORKFLOW)}", 6
            exif[0x8769] = {0x9286: comment}
            yield _save(image_format, exif=exif.tobytes())
        if image_format in ("WEBP", "AVIF"):
            yield _save(image_format, xmp=_DRAW_THINGS.encode())
    yield _save("JPEG", comment=INFOTEXT.encode(), progressive=True)
    yield _save("GIF", comment=INFOTEXT.encode())
    yield _save("BMP")
    yield from (hide_stealth(INFOTEXT, name) for name in ("pnginfo", "pngcomp", "rgbinfo", "rgbcomp"))
    yield hide_stealth(json.dumps(_NOVELAI), "pngcomp")
    yield hide_stealth(INFOTEXT, "pnginfo", "WEBP", lossless=True, exact=True)


def hide_stealth(text: str, kind: str, image_format: str = "PNG", size: int = 64, **settings: Any) -> bytes:
    """Make a picture of *size* by *size* pixels that hides *text*, "pnginfo", "pngcomp", "rgbinfo" or "rgbcomp"."""
    body = gzip.compress(text.encode()) if kind.endswith("comp") else text.encode()
    hidden = f"stealth_{kind}".encode() + (len(body) * 8).to_bytes(4, "big") + body
    bits = np.unpackbits(np.frombuffer(hidden, np.uint8))
    channels = slice(3, 4) if kind.startswith("png") else slice(0, 3)
    pixels = np.random.default_rng(0).integers(0, 127, (size, size, 4), np.uint8) * 2
    pixels[..., 3] = 254
    columns = pixels[..., channels].transpose(1, 0, 2).reshape(-1)
    columns[: bits.size] |= bits
    width = channels.stop - channels.start
    pixels[..., channels] = columns.reshape(size, size, width).transpose(1, 0, 2)
    file = io.BytesIO()
    Image.fromarray(pixels, "RGBA").save(file, image_format, **settings)
    return file.getvalue()


def _encode_comments() -> Iterator[bytes]:
    yield b"UNICODE\0" + INFOTEXT.encode("utf-16-be")
    yield b"UNICODE\0" + INFOTEXT.encode("utf-16-le")
    yield b"ASCII\0\0\0" + INFOTEXT.encode()
    yield b"JIS\0\0\0\0\0" + INFOTEXT.encode("shift_jis")
    yield bytes(8) + INFOTEXT.encode()
    yield json.dumps(_FOOOCUS).encode()


def _save(image_format: str, **settings: Any) -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").resize((16, 12)).convert("RGB").save(file, image_format, **settings)
    return file.getvalue()
