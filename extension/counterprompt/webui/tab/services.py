"""What the tab needs from the rest of the extension, given to it when it is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from counterprompt.webui.tab.txt2img_fields import Txt2imgFields
from counterprompt.webui.tab.words import ENGLISH, Words

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.ports import InventorySource
    from counterprompt.report.content import ReportContent
    from counterprompt.search.picture_cost import PictureCost
    from counterprompt.settings import Settings
    from counterprompt.webui.study_person import StudyPerson
    from counterprompt.webui.study_run import StudyWorkplace
    from counterprompt.webui.study_values import StudyOrder, StudyStatus


class StudyCounter(Protocol):
    """What the tab asks of the study desk; see `webui.studies.StudyDesk`."""

    @property
    def picture_cost(self) -> PictureCost | None:
        """How long a picture took in the latest study, None before the first."""

    def workplace(self) -> StudyWorkplace:
        """Return what the next study would work with."""
        ...

    def start(self, order: StudyOrder) -> str:
        """Take an order and return the study's id."""

    def studies(self) -> tuple[StudyStatus, ...]:
        """Say where every study stands, the latest first."""

    def pause(self, study_id: str) -> None:
        """Let a study end after the batch in hand."""

    def resume(self, study_id: str) -> None:
        """Go on with a study."""

    def prove(self, study_id: str) -> None:
        """Prove once more what an ended study found."""

    def stop(self, study_id: str) -> None:
        """End a study."""

    def person(self, study_id: str) -> StudyPerson | None:
        """Return whom a study asks while it runs, None while it does not."""

    def outcome(self, study_id: str) -> ReportContent:
        """Return what an ended study found."""

    def folder(self, study_id: str) -> Path:
        """Return a study's folder."""


@dataclass(frozen=True, eq=False, repr=False)
class TabServices:
    """The tab's surroundings."""

    settings: Settings
    """Where things lie."""
    words: Words = ENGLISH
    """The page's language."""
    fields: Txt2imgFields = field(default_factory=Txt2imgFields)
    """The host's txt2img fields."""
    inventory: Callable[[], InventorySource | None] = lambda: None
    """What lists the host's model files, None where nobody can."""
    report_fault: Callable[[str], None] = lambda text: None
    """Prints a fault of ours to the host's console."""
    open_host_picture: Callable[[Any], Any] = lambda item: None
    """Opens a picture that the host's gallery describes, by the host's own check of its path."""
    parts: Mapping[str, Any] = field(default_factory=dict)
    """Element id to component of the host's page, and of our buttons on it; see `host_parts`."""
    desk: StudyCounter | None = None
    """Runs studies; None where a package is missing."""
    missing: str = ""
    """What is missing and how to get it, in one sentence; "" where nothing is."""
    styles_file: Callable[[], Path | None] = lambda: None
    """The host's styles file, None where it has none."""
    reload_styles: Callable[[], None] = lambda: None
    """Lets the host read its styles again."""
