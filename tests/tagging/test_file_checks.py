"""Hashes and evident faults of model files."""

import hashlib

import pytest

from counterprompt.tagging.file_checks import fault_in, git_hash_of, has_hash, is_hash, sha256_of


def test_hashes_of_a_file(tmp_path):
    """The git hash is the one that git gives this content ("git hash-object")."""
    path = tmp_path / "file"
    path.write_bytes(b"hello\n")

    assert "ce013625030ba8dba906f756967f9e9ca394464a" == git_hash_of(path)
    assert hashlib.sha256(b"hello\n").hexdigest() == sha256_of(path)
    assert has_hash(path, sha256_of(path))
    assert has_hash(path, git_hash_of(path))
    assert not has_hash(path, "0" * 40)


@pytest.mark.parametrize(
    ("etag", "expected"), [("a" * 40, True), ("0" * 64, True), ("0" * 32, False), ("A" * 40, False), ("", False)]
)
def test_only_two_kinds_of_etag_can_be_checked(etag, expected):
    """A store's own etag, such as an MD5, says nothing here."""
    assert expected == is_hash(etag)


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        (b"\x08\x08\x12\x07pytorch", ".onnx", ""),
        (b"\x08", ".onnx", "no ONNX model"),
        (b"\x08\x00rest", ".onnx", "no ONNX model"),
        (b"PK\x03\x04", ".onnx", "no ONNX model"),
        (b"", ".onnx", "an empty file"),
        (b"version https://git-lfs.github.com/spec/v1\noid", ".onnx", "the pointer of Git LFS in place of the file"),
        (b'\xef\xbb\xbf\n {"error": "no"}', ".csv", "a web page or an error message"),
        (b"<html>", ".csv", "a web page or an error message"),
        (b"tag_id,name,category,count\n1,a,0,1\n", ".csv", ""),
        (b'\xef\xbb\xbf"name","category"\r\n', ".csv", ""),
        (b"red,green,blue\n", ".csv", "no list of tags with the columns name and category"),
    ],
)
def test_evident_faults_are_named(tmp_path, content, kind, expected):
    """What cannot be the file is told from its first bytes."""
    path = tmp_path / "file"
    path.write_bytes(content)

    assert expected == fault_in(path, kind)
