"""Which of the files that made a picture are here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.advice.inventory import Inventory
from counterprompt.advice.resources import Resources, look_up
from counterprompt.infotext.params import GenerationParams
from counterprompt.prompts.terms import split_terms

if TYPE_CHECKING:
    from counterprompt.ports import InventorySource


def look_up_resources(params: GenerationParams | None, source: InventorySource | None) -> Resources:
    """Look up the files that *params* names among those that *source* lists; without one nothing is known of them.

    Raises:
        InvalidInputError: the prompt is longer than 100,000 characters, or *source* finds no model folders.
        GeneratorError: a host that is asked does not answer.
        StoppedError: the user stopped the hashing of files.
    """
    params = params or GenerationParams("")
    return look_up(
        params,
        source.take_stock(params) if source else Inventory(),
        tuple(term.text for term in split_terms(params.prompt)),
    )
