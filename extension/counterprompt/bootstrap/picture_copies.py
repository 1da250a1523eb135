"""Copies of pictures that carry another infotext."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.whole_files import naming_the_remedy, replacing

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.infotext.params import GenerationParams


def write_copy(picture: Path, params: GenerationParams, target: Path, *, replace: bool = False) -> None:
    """Copy *picture* to *target* with the infotext of *params*; pixels and everything else stay.

    Raises:
        InvalidInputError: there is a file and *replace* is False, the picture is of a format that cannot carry an
            infotext, or the copy cannot be written.
    """
    from counterprompt.imagefile.write import write_infotext
    from counterprompt.infotext.render import render_infotext

    if target.exists() and (not replace or target.samefile(picture)):
        raise InvalidInputError(f"{target} is there already; name another file with --write, or give --replace.")
    with naming_the_remedy(target, "name another file with --write"), replacing(target) as aside:
        shutil.copyfile(picture, aside)
        write_infotext(aside, render_infotext(params))
