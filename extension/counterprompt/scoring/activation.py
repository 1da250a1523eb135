"""Which activation CLIP weights were trained with, by the names of their files.

OpenAI trained with QuickGELU, x * sigmoid(1.702 x), most others with GELU. The weights themselves do not say, both fit
the same network, and the wrong one spoils every score without any error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_QUICK_WORDS: Final = ("openai", "quickgelu", "metaclip", "dfn")
_PLAIN_WORDS: Final = ("laion", "datacomp", "commonpool")
_TELLING_PARTS: Final = 4


def is_quick_by_name(path: Path) -> bool | None:
    """Say whether the weights at *path* want QuickGELU, None where its name and its last folders do not tell.

    A hub's cache names the repository after the makers and the file after the program, hence the folders.
    """
    words = "/".join(path.parts[-_TELLING_PARTS:]).lower()
    if any(word in words for word in _QUICK_WORDS):
        return True
    return False if any(word in words for word in _PLAIN_WORDS) else None
