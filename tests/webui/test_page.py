"""Our tab on the host's page where it cannot be built as it should."""

from __future__ import annotations

import pytest

gradio = pytest.importorskip("gradio", reason="a WebUI brings it; CI has environments with both its majors")

from counterprompt.webui import page  # noqa: E402


def test_what_is_missing_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The notice names each missing package and the command that brings it; where all is there it says nothing."""
    monkeypatch.setattr(page, "NEEDED", {"json": "json", "no_such_module_here": "no-such-package"})

    assert ["no-such-package"] == page.missing_packages()
    assert page.missing_notice().endswith("pip install no-such-package")
    monkeypatch.setattr(page, "NEEDED", {"json": "json"})
    assert "" == page.missing_notice()


def test_a_tab_that_cannot_be_built_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault while building leaves a tab with its name, the fault as plain text, and what is missing."""

    def broken() -> object:
        raise ImportError("No module named 'numpy' <script>alert(1)</script>")

    monkeypatch.setattr(page, "_real_tab", broken)
    monkeypatch.setattr(page, "NEEDED", {"no_such_module_here": "no-such-package"})

    ((blocks, label, elem_id),) = page.build_page()

    shown = " ".join(str(block.value) for block in blocks.blocks.values() if isinstance(block, gradio.HTML))
    assert ("Counterprompt", "counterprompt") == (label, elem_id)
    assert "ImportError: No module named &#x27;numpy&#x27; &lt;script&gt;" in shown
    assert "no-such-package" in shown
