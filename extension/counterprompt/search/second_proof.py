"""A second proof of a candidate that the first could not tell from luck, on other fresh seeds, asked for by the user.

Each proof can be fooled by luck once in forty times, so there are two at most: together once in twenty. Of which
candidate and on how many seeds it is stands in the study's folder, so that one that is interrupted goes on like the
study itself.
"""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from counterprompt.errors import InvalidInputError
from counterprompt.search.folder import hold_folder, load_outcome, read_json, write_json
from counterprompt.search.picture_split import draw_seeds
from counterprompt.search.power import FEWEST_SEEDS, MOST_SEEDS
from counterprompt.search.verification import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from counterprompt.search.outcome import Settings
    from counterprompt.search.plan import StudyPlan

SECOND_PROOF_FILE: Final = "second_proof.json"

_SEED_RUN: Final = 8
"""Consecutive seeds, as a WebUI draws them together."""


@dataclass(frozen=True)
class SecondProof:
    """A second proof that was ordered."""

    seeds: int
    """On how many fresh seeds, 8 to 512."""
    challenger: Mapping[str, Any]
    """Prompt, negative prompt and CFG scale of the candidate that it is of."""

    def seeds_for(self, challenger: Settings, plan: StudyPlan) -> tuple[int, ...]:
        """Return its seeds, all of them new to *plan*; none where *challenger* is another than the ordered one.

        The choice among candidates moves when somebody goes on comparing pictures after the study's end.
        """
        return second_proof_seeds(plan, self.seeds) if _fields_of(asdict(challenger)) == self.challenger else ()


def order_second_proof(folder: Path, seeds: int | None = None) -> int:
    """Note that the ended study in *folder* is to prove its best candidate once more, and return on how many seeds.

    The study does so when it is run again. *seeds* is 8 to 512; by default what `telling_seeds` says.

    Raises:
        InvalidInputError: the study runs or has not ended, has proven its gain, has nothing that more seeds could tell,
            or had its second proof.
    """
    with hold_folder(folder):
        outcome = _open_outcome(folder)
        wanted = outcome["telling_seeds"] if seeds is None else seeds
        if wanted is None:
            raise InvalidInputError(
                f"The best candidate of the study {folder.name} came out too little better, if at all, for a second "
                "proof; start a new study, or say on how many seeds it is wanted all the same."
            )
        if not FEWEST_SEEDS <= wanted <= MOST_SEEDS:
            raise InvalidInputError(f"{wanted} seeds are no second proof; give {FEWEST_SEEDS} to {MOST_SEEDS}.")
        order = {"seeds": wanted, "challenger": _fields_of(outcome["challenger"])}
        write_json(folder / SECOND_PROOF_FILE, order)
    return int(wanted)


def ordered_proof(folder: Path) -> SecondProof | None:
    """Return the second proof that was ordered for the study in *folder*, or None.

    Raises:
        InvalidInputError: what was noted is damaged.
    """
    path = folder / SECOND_PROOF_FILE
    if not path.exists():
        return None
    with suppress(InvalidInputError, TypeError):
        order = SecondProof(**read_json(path))
        if isinstance(order.seeds, int) and FEWEST_SEEDS <= order.seeds <= MOST_SEEDS:
            return order
    raise InvalidInputError(f"{path} is damaged; delete it, then ask for the second proof again.")


def second_proof_seeds(plan: StudyPlan, count: int) -> tuple[int, ...]:
    """Draw so many seeds that nothing in *plan* was drawn on; fewer of them are the first ones of more."""
    used = {*plan.search_seeds, *plan.proof_seeds}
    start = random.Random(f"second proof {plan.search_seed}").randrange(2**32)
    drawn = draw_seeds(start, count + len(used), start, _SEED_RUN)
    return tuple(seed for seed in drawn if seed not in used)[:count]


def _open_outcome(folder: Path) -> dict[str, Any]:
    """Read the outcome of the study in *folder* and refuse one that leaves nothing to a second proof."""
    outcome = load_outcome(folder)
    if outcome is None:
        raise InvalidInputError(f"The study {folder.name} has not ended; go on with it first.")
    if outcome.get("verdict") == Verdict.GAIN.value:
        raise InvalidInputError(f"The study {folder.name} has proven its gain; nothing is left to prove.")
    if outcome.get("first_proof") is not None:
        raise InvalidInputError(
            f"The study {folder.name} had its second proof; with a third luck would pass too often, so start a new one."
        )
    if not outcome.get("is_open"):
        raise InvalidInputError(
            f"More seeds would tell nothing of the study {folder.name}: its best candidate spoils something, was "
            "decided on by you, or was not worth a proof. Start a new study."
        )
    return outcome


def _fields_of(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: settings[name] for name in ("prompt", "negative_prompt", "cfg_scale")}
