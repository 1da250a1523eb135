"""Parts of the host's page that the tab reads from, caught while the host builds them, and our buttons beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

PNGINFO_IMAGE: Final = "pnginfo_image"
PNGINFO_TEXT: Final = "pnginfo_generation_info"
GALLERY: Final = "txt2img_gallery"
GALLERY_INFO: Final = "generation_info_txt2img"
_READ: Final = (PNGINFO_IMAGE, PNGINFO_TEXT, GALLERY, GALLERY_INFO)

FROM_PNGINFO: Final = "counterprompt_from_pnginfo"
FROM_GALLERY: Final = "counterprompt_from_gallery"

_LAST_OF_ROW: Final = {"extras_tab": FROM_PNGINFO, "txt2img_send_to_extras": FROM_GALLERY}
"""Button of the host after which one of ours is put, in the same row."""


class HostParts:
    """What was caught; the first of an id counts, since hosts build some components again for their API."""

    wanted: Final = (*_READ, *_LAST_OF_ROW)
    """Ids of what is listened for."""

    def __init__(self) -> None:
        self._caught: dict[str, Any] = {}

    @property
    def components(self) -> Mapping[str, Any]:
        """Element id to component, ours included."""
        return self._caught

    def reset(self) -> None:
        """Forget everything: the host builds its page anew."""
        self._caught.clear()

    def after_component(self, component: Any, **_: Any) -> None:
        """Hear of a component that the host has just made."""
        elem_id = getattr(component, "elem_id", None)
        if elem_id in _READ:
            self._caught.setdefault(elem_id, component)
        own = _LAST_OF_ROW.get(elem_id or "")
        # PNG Info's row has ids that other rows share, and comes after PNG Info's own text.
        if own and own not in self._caught and (own == FROM_GALLERY or PNGINFO_TEXT in self._caught):
            self._caught[own] = _button(own)


def _button(elem_id: str) -> Any:
    import gradio  # what only registers callbacks does without

    is_tool = elem_id == FROM_GALLERY
    label = "⚖️" if is_tool else "Send to Counterprompt"
    button = gradio.Button(label, elem_id=elem_id, elem_classes=["tool"] if is_tool else [])
    button.do_not_save_to_config = True
    return button
