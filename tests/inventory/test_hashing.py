"""Hashes of files, computed as A1111 computes them."""

import hashlib
from pathlib import Path

from counterprompt.advice.hashes import HashKind
from counterprompt.inventory.hashing import hash_file, legacy_hash


def test_both_hashes_come_from_one_pass(write_safetensors, tmp_path: Path):
    """The whole file, and what stands behind the header."""
    path = write_safetensors(tmp_path / "a.safetensors", {"x": "y"}, b"tensors")
    heard: list[int] = []

    digests = hash_file(path, with_autov3=True, heard=heard.append)

    assert hashlib.sha256(path.read_bytes()).hexdigest() == digests[HashKind.SHA256]
    assert hashlib.sha256(b"tensors").hexdigest() == digests[HashKind.AUTOV3]
    assert [7] == heard


def test_without_a_header_both_are_the_same(tmp_path: Path):
    """A LoRA in a .pt file is hashed whole."""
    path = tmp_path / "a.pt"
    path.write_bytes(b"no header at all")

    digests = hash_file(path, with_autov3=True, heard=lambda _: None)

    assert digests[HashKind.SHA256] == digests[HashKind.AUTOV3]


def test_the_old_hash_looks_at_64_kibibytes_from_one_mebibyte_on(tmp_path: Path):
    """Nothing before or behind changes it; a small file has the hash of nothing."""
    path = tmp_path / "a.ckpt"
    path.write_bytes(b"a" * 0x100000 + b"b" * 0x10000 + b"c" * 10)
    small = tmp_path / "b.ckpt"
    small.write_bytes(b"a")

    assert hashlib.sha256(b"b" * 0x10000).hexdigest()[:8] == legacy_hash(path)
    assert "e3b0c442" == legacy_hash(small)
