"""What the coordinator of a study and its workers have to agree on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class QueueTerms:
    """What the workers of a study must agree with."""

    plan: str
    """Digest of the study's plan: two studies of one name are told apart."""
    scorer: str
    """Name of the scorer; scores of different ones cannot be mixed."""
    model: str
    """Name of what draws; "" where any will do."""
    probes: tuple[str, ...] | None = None
    """Artifacts that are scored; None for all that the scorer knows."""
    heads: tuple[str, ...] | None = None
    """Aesthetic heads that score, for one may be kept out; None for all that the scorer has."""
    extras: tuple[tuple[str, str], ...] = ()
    """What joins the scorer, such as a preference model, as the study's notes name it."""
    beat_s: float = 10.0
    """Seconds after which a worker says that it is still at an order, again and again."""
    grace_s: float = 60.0
    """Seconds of silence after which an order is given to another worker."""

    def to_json(self) -> dict[str, Any]:
        """Return the terms as values that JSON knows."""
        return asdict(self)


def terms_from_json(values: Mapping[str, Any]) -> QueueTerms:
    """Read terms back from what `QueueTerms.to_json` returned, also after a round through JSON text.

    Raises:
        KeyError, TypeError: they are none.
    """
    extras = tuple((name, text) for name, text in values.get("extras", ()))
    names = {field: None if values.get(field) is None else tuple(values[field]) for field in ("probes", "heads")}
    return QueueTerms(**{**values, **names, "extras": extras})
