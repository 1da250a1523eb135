"""Kinds of hashes, and what comparing them tells."""

import hashlib

import pytest

from counterprompt.advice.hashes import (
    SHA256_OF_NOTHING,
    FileHashes,
    HashKind,
    HashMatch,
    WrittenHash,
    deciding_kind,
    match_hash,
    read_hash,
)

SHA256 = "6ce0161689b3853acaa03779ec93eafe75a02f4ced659bee03f50797806fa2fa"
AUTOV3 = "7157149bd83ccb329fe83a79d3e22a315d3411873b21d7306089e9aac9a72e1d"
WHOLE = FileHashes(SHA256, AUTOV3, "81761151")


def test_the_hash_of_nothing_is_sha256_of_no_bytes():
    """The constant is what it says."""
    assert hashlib.sha256(b"").hexdigest() == SHA256_OF_NOTHING


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6CE0161689", WrittenHash("6ce0161689")),
        (" 81761151 ", WrittenHash("81761151")),
        ("0x" + SHA256, WrittenHash(SHA256)),
        ("BLAKE3:" + SHA256, WrittenHash(SHA256, HashKind.BLAKE3)),
        ("crc32: 81761151", WrittenHash("81761151", HashKind.CRC32)),
        ("AutoV3:7157149bd83c", WrittenHash("7157149bd83c", HashKind.AUTOV3)),
        ("e3b0c44298fc", None),
        ("e3b0c442", None),
        ("E3B0C44298", None),
        (SHA256_OF_NOTHING, None),
        ("3f2a", None),  # the checksum of old embeddings
        ("", None),
        ("None", None),
        ("not a hash", None),
        (SHA256 + "0", None),
        ("a" * 10**6, None),
        (None, None),
        (5, None),
        ({"a": 1}, None),
    ],
)
def test_written_hashes_are_read(text: object, expected: WrittenHash | None):
    """Eight to 64 digits with or without a label; the hash of nothing is none."""
    assert expected == read_hash(text)


@pytest.mark.parametrize(
    ("text", "is_lora", "kind"),
    [
        ("81761151", False, HashKind.LEGACY),
        ("81761151", True, HashKind.LEGACY),
        ("6ce0161689", False, HashKind.SHA256),
        ("6ce0161689", True, HashKind.SHA256),
        ("6ce0161689b3", False, HashKind.SHA256),
        ("7157149bd83c", True, HashKind.AUTOV3),
        (AUTOV3, True, HashKind.AUTOV3),
        ("autov2:7157149bd83c", True, HashKind.SHA256),
        ("blake3:" + SHA256, True, HashKind.BLAKE3),
    ],
)
def test_the_deciding_kind_follows_length_and_label(text: str, is_lora: bool, kind: HashKind):
    """Twelve digits of a LoRA are AutoV3, of an embedding SHA-256."""
    assert kind is deciding_kind(read_hash(text), is_lora=is_lora)


@pytest.mark.parametrize(
    ("text", "found", "is_lora", "expected"),
    [
        ("6ce0161689", WHOLE, False, HashMatch.SAME),
        ("7157149bd83c", WHOLE, True, HashMatch.SAME),
        ("6ce0161689", WHOLE, True, HashMatch.SAME),  # Civitai and Fooocus hash whole LoRA files
        ("7157149bd8", WHOLE, True, HashMatch.SAME),
        (SHA256, FileHashes("6ce0161689"), False, HashMatch.SAME),  # a host tells ten digits
        ("81761151", WHOLE, False, HashMatch.SAME),
        ("6ce01616", WHOLE, False, HashMatch.DIFFERENT),  # eight digits are no beginning of SHA-256
        ("000000000000", WHOLE, True, HashMatch.DIFFERENT),
        ("000000000000", FileHashes(sha256=SHA256), True, HashMatch.UNTOLD),  # AutoV3 is not known
        ("0000000000", FileHashes(autov3=AUTOV3), True, HashMatch.UNTOLD),
        ("0000000000", FileHashes(), False, HashMatch.UNTOLD),
        ("81761151", FileHashes(sha256=SHA256), False, HashMatch.UNTOLD),
        ("7157149bd83c", FileHashes(claimed=(AUTOV3,)), True, HashMatch.SAME),
        ("000000000000", FileHashes(claimed=(AUTOV3,)), True, HashMatch.UNTOLD),  # a claim proves no difference
        ("blake3:" + SHA256, WHOLE, False, HashMatch.SAME),  # a wrong label, the digits agree
        ("blake3:" + "0" * 64, WHOLE, False, HashMatch.UNTOLD),
        ("crc32:00000000", WHOLE, False, HashMatch.UNTOLD),
        ("e3b0c44298fc", WHOLE, True, HashMatch.UNTOLD),
    ],
)
def test_any_agreement_counts_and_only_the_deciding_kind_differs(
    text: str, found: FileHashes, is_lora: bool, expected: HashMatch
):
    """What is not known of a file neither agrees nor differs."""
    assert expected is match_hash(read_hash(text), found, is_lora=is_lora)
