"""Texts that would run as script if anything in the tab took them for markup, and pictures that carry them."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from struct import pack

MARK = "window.__pwned=1"
"""What every payload tries to do."""

PAYLOADS = (
    f"<script>{MARK}</script>",
    f"</script><script>{MARK}</script>",
    f"<scr<script>ipt>{MARK}</scr</script>ipt>",
    f"<SCRIPT SRC=data:text/javascript,{MARK}></SCRIPT>",
    f"<img src=x onerror={MARK}>",
    f"<img src=x onerror='{MARK}'//",
    f'<IMG SRC="x" OnErRoR="{MARK}">',
    f"'\"><img src=x onerror={MARK}>",
    f'"><svg/onload={MARK}>',
    f"<svg onload={MARK}>",
    f"<svg><script>{MARK}</script></svg>",
    f"<svg><animate onbegin={MARK} attributeName=x dur=1s>",
    f'<svg><use href="data:image/svg+xml,<svg onload={MARK}>"/></svg>',
    f"<math><mtext><table><mglyph><style><img src=x onerror={MARK}>",
    f"<iframe src=javascript:{MARK}></iframe>",
    f"<iframe srcdoc='<script>parent.{MARK}</script>'></iframe>",
    f"<object data=javascript:{MARK}></object>",
    f"<embed src=javascript:{MARK}>",
    f"<a href=javascript:{MARK} autofocus onfocus={MARK}>x</a>",
    f'<a href="java\tscript:{MARK}">x</a>',
    f"<body onload={MARK}>",
    f"<input autofocus onfocus={MARK}>",
    f"<select autofocus onfocus={MARK}>",
    f"<textarea autofocus onfocus={MARK}>",
    f"</textarea><img src=x onerror={MARK}>",
    f"</pre><img src=x onerror={MARK}>",
    f"</title><script>{MARK}</script>",
    f"<details open ontoggle={MARK}>",
    f"<video><source onerror={MARK}></video>",
    f"<audio src=x onerror={MARK}>",
    f"<marquee onstart={MARK}>x</marquee>",
    f"<style>@import 'javascript:{MARK}';</style>",
    f'<div style="animation-name:x" onanimationstart={MARK}>',
    f"<link rel=stylesheet href=javascript:{MARK}>",
    f"<meta http-equiv=refresh content='0;url=javascript:{MARK}'>",
    f"<base href=javascript:{MARK}//>",
    f"<form><button formaction=javascript:{MARK} autofocus>x</button></form>",
    f"<template><script>{MARK}</script></template>",
    f'<noscript><p title="</noscript><img src=x onerror={MARK}>">',
    f'<xmp><p title="</xmp><img src=x onerror={MARK}>">',
    f"<!--><img src=x onerror={MARK}>-->",
    f"<![CDATA[<img src=x onerror={MARK}>]]>",
    f"{{{{constructor.constructor('{MARK}')()}}}}",
    f"${{{MARK}}}",
    f"{{@html '<img src=x onerror={MARK}>'}}",
    f"[x](javascript:{MARK})",
    f'![x](x"onerror="{MARK})',
    f"`<img src=x onerror={MARK}>`",
    f"&lt;img src=x onerror={MARK}&gt;",
    f"&#60;img src=x onerror={MARK}&#62;",
    f"\\u003cimg src=x onerror={MARK}\\u003e",
    f"\u202e<img src=x onerror={MARK}>",
    f"\u2066<svg onload={MARK}>\u2069",
    f"\ufeff<script>{MARK}</script>",
    f"+ADw-script+AD4-{MARK}+ADw-/script+AD4-",
    f"<lora:<img src=x onerror={MARK}>:1>",
    f'" onmouseover="{MARK}" x="',
    f"' autofocus onfocus='{MARK}",
    'x" data-cp-written="999" data-cp-show="1',
    f'x" onpointerenter={MARK} style="position:fixed;inset:0',
)


def hostile_infotext(payload: str) -> str:
    """Put *payload* wherever the WebUI's own format has room for a text."""
    flat = payload.replace("\n", " ")
    quoted = json.dumps(flat, ensure_ascii=False)
    return (
        f"a cat, {flat}, ({flat}:1.3), by {flat}, <lora:{flat}:0.9>\n"
        f"Negative prompt: blurry, {flat}\n"
        f"Steps: 20, Sampler: {quoted}, Schedule type: {quoted}, CFG scale: 7, Seed: 1, Size: 64x64, "
        f"Model hash: {quoted}, Model: {quoted}, VAE: {quoted}, Lora hashes: {quoted}, TI hashes: {quoted}, "
        f"Hires upscaler: {quoted}, Evil label: {quoted}, Version: {quoted}"
    )


def hostile_png(payload: str, path: Path) -> Path:
    """Write a PNG with *payload* in every text that a program may put beside the pixels."""
    texts = {
        "parameters": hostile_infotext(payload),
        "Title": payload,
        "Author": payload,
        "Description": payload,
        "Software": payload,
        "Comment": json.dumps({"prompt": payload, "uc": payload}),
    }
    path.write_bytes(_png(texts))
    return path


def hostile_workflow_png(payload: str, path: Path) -> Path:
    """Write a PNG as ComfyUI does, *payload* in its graph."""
    graph = {
        "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": payload}},
        "2": {"class_type": "CLIPTextEncode", "inputs": {"text": f"cat, {payload}", "clip": ["1", 1]}},
        "3": {"class_type": "CLIPTextEncode", "inputs": {"text": payload, "clip": ["1", 1]}},
        "4": {"class_type": "EmptyLatentImage", "inputs": {"width": 64, "height": 64, "batch_size": 1}},
        "5": {
            "class_type": "KSampler",
            "inputs": {
                "seed": 1, "steps": 5, "cfg": 7.0, "sampler_name": payload, "scheduler": payload, "denoise": 1.0,
                "model": ["1", 0], "positive": ["2", 0], "negative": ["3", 0], "latent_image": ["4", 0],
            },
        },
        "6": {"class_type": "VAEDecode", "inputs": {"samples": ["5", 0], "vae": ["1", 2]}},
        "7": {"class_type": "SaveImage", "inputs": {"images": ["6", 0], "filename_prefix": payload}},
    }  # fmt: skip
    path.write_bytes(_png({"prompt": json.dumps(graph)}))
    return path


def _png(texts: dict[str, str]) -> bytes:
    """Make a PNG of 64x64 white pixels with *texts* as iTXt chunks."""
    rows = b"".join(b"\0" + b"\xff" * 192 for _ in range(64))
    chunks = [(b"IHDR", pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0))]
    chunks += [(b"iTXt", key.encode() + b"\0\0\0\0\0" + text.encode("utf-8", "replace")) for key, text in texts.items()]
    chunks += [(b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
