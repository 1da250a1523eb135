"""What is kept between runs."""

import os
from dataclasses import replace
from pathlib import Path

from counterprompt.inventory.hash_cache import HashCache
from counterprompt.inventory.places import find_files


def test_a_fact_is_kept_until_the_file_changes(webui: Path, tmp_path: Path):
    """Another size or time of change makes it unknown."""
    file = find_files(webui)[0]
    with HashCache(tmp_path / "data" / "hashes.sqlite3") as cache:
        cache.put(file, "SHA-256", "abc")
    with HashCache(tmp_path / "data" / "hashes.sqlite3") as cache:
        assert "abc" == cache.get(file, "SHA-256")
        assert cache.get(file, "AutoV3") is None
        assert cache.get(replace(file, size=file.size + 1), "SHA-256") is None
        assert cache.get(replace(file, mtime_ns=file.mtime_ns + 1), "SHA-256") is None


def test_a_broken_cache_is_replaced_by_memory(webui: Path, tmp_path: Path):
    """A file that is no database, or a folder that cannot be made, costs nothing but time."""
    file = find_files(webui)[0]
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"no database" * 200)
    for path in (broken, broken / "below" / "a.sqlite3", None):
        with HashCache(path) as cache:
            cache.put(file, "SHA-256", "abc")
            assert "abc" == cache.get(file, "SHA-256")


def test_names_that_are_no_text_are_left_out(webui: Path, tmp_path: Path):
    """A path that is no Unicode is not kept and breaks nothing."""
    file = find_files(webui)[0]
    odd = replace(file, path=Path(os.fsdecode(b"/models/\xff.safetensors")))
    with HashCache(tmp_path / "hashes.sqlite3") as cache:
        cache.put(odd, "SHA-256", "abc")
        assert cache.get(odd, "SHA-256") is None
