"""Uploads: a client may not name files of the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.webui.tab.uploads import guarded


@pytest.mark.parametrize("name", ["/etc/passwd", "../../../etc/hostname", "/tmp/../etc/passwd", "\0", None])
def test_a_file_of_the_server_is_refused(name: Any) -> None:
    """Whatever way a path leads outside the temporary folder, it is not read."""
    read: list[object] = []
    for payload in ({"name": name, "is_file": True}, [{"name": name, "is_file": True}]):
        with pytest.raises(InvalidInputError, match="drop the picture again"):
            guarded(read.append)(payload)
    assert [] == read


def test_uploads_and_other_payloads_pass(tmp_path: Path) -> None:
    """A file in an allowed folder, data of the browser's own, nothing, and gradio 4's objects are left alone."""
    upload = {"name": str(tmp_path / "a.png"), "is_file": True}
    payloads: list[Any] = [upload, {"name": "/etc/passwd", "data": "x"}, None, object()]

    assert payloads == [guarded(lambda payload: payload, (tmp_path,))(payload) for payload in payloads]
