"""What was written into txt2img last: undo it, or apply it again after the page was loaded anew."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import gradio

from counterprompt.webui.tab.pieces import render_note

if TYPE_CHECKING:
    from counterprompt.webui.tab.applied_record import AppliedRecord
    from counterprompt.webui.tab.services import TabServices
    from counterprompt.webui.tab.wiring import Wiring
    from counterprompt.webui.tab.write_back import FieldTexts


@dataclass(frozen=True, eq=False, repr=False)
class ApplyBar:
    """The components that every write-back shares."""

    undo: Any
    """Brings the old values back."""
    again: Any
    """Writes the last values once more."""
    note: Any
    """What was done, or what went wrong."""


class Applier:
    """Writes into the host's txt2img fields, and remembers what stood there."""

    def __init__(self, services: TabServices) -> None:
        self._words = services.words
        self._folder = services.settings.data_folder
        self._count = int(time.time())  # a page may outlive its host, and looks for greater numbers than it has seen
        self.components = services.fields.written

    @cached_property
    def _record(self) -> AppliedRecord:
        from counterprompt.webui.tab.applied_record import AppliedRecord  # loaded with the first write-back

        return AppliedRecord(self._folder)

    def write(self, now: FieldTexts, after: FieldTexts, source: str, note: Any, *, shows_page: bool) -> dict[Any, Any]:
        """Return what to put into the fields, and remember what stood there.

        Only fields that change are touched. *shows_page* lets our script turn to txt2img.

        Raises:
            InvalidInputError: the record cannot be kept.
        """
        from counterprompt.webui.tab.write_back import Written

        self._record.save(Written(now, after, source))
        said = self._words("{source} is in txt2img; Undo brings the old values back.", source=source)
        return {**self._changed(now, after), note: self._signal(said, shows_page=shows_page)}

    def wire(self, wiring: Wiring, bar: ApplyBar) -> None:
        """Let the two buttons of *bar* work."""

        def undo(*values: Any) -> dict[Any, Any]:
            from counterprompt.webui.tab.write_back import fields_from

            before = self._record.undo().before
            said = self._words("The old values are back in txt2img.")
            return {**self._changed(fields_from(*values), before), bar.note: self._signal(said, shows_page=False)}

        def again(*values: Any) -> dict[Any, Any]:
            from counterprompt.webui.tab.write_back import Written, fields_from

            last, now = self._record.load(), fields_from(*values)
            if not self._record.redo() and now != last.after:
                self._record.save(Written(now, last.after, last.source))
            said = self._words("{source} is in txt2img; Undo brings the old values back.", source=last.source)
            return {**self._changed(now, last.after), bar.note: self._signal(said, shows_page=False)}

        wiring.on(bar.undo.click, undo, self.components, self.components, bar.note)
        wiring.on(bar.again.click, again, self.components, self.components, bar.note)

    def _changed(self, now: FieldTexts, after: FieldTexts) -> dict[Any, Any]:
        olds, news = ((each.prompt, each.negative_prompt, each.cfg_scale) for each in (now, after))
        return {
            component: gradio.update(value=new) if new != old else gradio.update()
            for component, old, new in zip(self.components, olds, news)
        }

    def _signal(self, said: str, *, shows_page: bool) -> str:
        """Render *said* with a sign for our script: token counters are stale now, and perhaps another page is due."""
        self._count += 1
        return (
            f'<div data-cp-written="{self._count}" data-cp-show="{int(shows_page)}">{render_note(said, "good")}</div>'
        )
