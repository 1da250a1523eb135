"""Headers of safetensors files."""

import struct
from pathlib import Path

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.inventory.safetensors_header import LARGEST_HEADER, LARGEST_PARSED, read_header, tensors_offset


def test_metadata_and_tensor_names_are_read(write_safetensors, tmp_path: Path):
    """Texts of the metadata are kept, thumbnails are not."""
    path = write_safetensors(tmp_path / "a.safetensors", {"ss_output_name": "a", "modelspec.thumbnail": "data:..."})
    header = read_header(path)

    assert {"ss_output_name": "a"} == header.metadata
    assert ("weight",) == header.tensor_names
    assert path.stat().st_size - 8 == header.size == tensors_offset(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x10\0",
        struct.pack("<Q", 50) + b"{}",  # longer than the file
        struct.pack("<Q", LARGEST_HEADER + 1) + b"{}",
        struct.pack("<Q", 2**64 - 1) + b"{}",
        struct.pack("<Q", 4) + b"{x:}",
        struct.pack("<Q", 4) + b"[[]]",
        struct.pack("<Q", 20000) + b"[" * 20000,
        struct.pack("<Q", 4) + b"\xff\xfe\xfd\xfc",
    ],
    ids=["empty", "cut", "too long", "over the limit", "overflow", "no JSON", "a list", "nested", "no text"],
)
def test_what_is_no_safetensors_file_is_refused(content: bytes, tmp_path: Path):
    """The sentence names the file."""
    path = tmp_path / "broken.safetensors"
    path.write_bytes(content)

    with pytest.raises(InvalidInputError, match="broken"):
        read_header(path)


def test_a_huge_header_is_not_parsed(tmp_path: Path):
    """Within the format's limit but longer than any real header, only its length is told."""
    path = tmp_path / "huge.safetensors"
    with path.open("wb") as file:
        file.write(struct.pack("<Q", LARGEST_PARSED + 1))
        file.truncate(LARGEST_PARSED + 100)

    header = read_header(path)

    assert LARGEST_PARSED + 9 == header.size
    assert {} == header.metadata


def test_odd_metadata_is_left_out(tmp_path: Path):
    """Values that are no text and metadata that is no object count as none."""
    path = tmp_path / "odd.safetensors"
    text = b'{"__metadata__": {"a": 1, "b": null, "c": "d"}}'
    path.write_bytes(struct.pack("<Q", len(text)) + text)

    assert {"c": "d"} == read_header(path).metadata
