"""What a study asks of its workers, as values: orders, results, and their form in a database."""

from __future__ import annotations

import base64
import binascii
import io
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from counterprompt.errors import ScorerError
from counterprompt.ports import GenerationRequest, Scores
from counterprompt.search.record import KEPT_PICTURE_EDGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from PIL import Image


@dataclass(frozen=True)
class Order:
    """A batch of pictures that one worker generates and scores."""

    request: GenerationRequest
    """What all of them share; its seed is the first one."""
    seeds: tuple[int, ...]
    """One picture for each, at least one."""
    keep: bool
    """Whether small copies of the pictures are sent back, for the report."""

    @property
    def requests(self) -> tuple[GenerationRequest, ...]:
        """The requests, one per seed."""
        return tuple(replace(self.request, seed=seed) for seed in self.seeds)


def orders_for(requests: Sequence[GenerationRequest], keep: bool) -> Iterator[Order]:
    """Join neighbours among *requests* that differ in nothing but their seeds."""
    joined: list[GenerationRequest] = []
    for request in requests:
        if joined and replace(request, seed=joined[0].seed) != joined[0]:
            yield Order(joined[0], tuple(each.seed for each in joined), keep)
            joined = []
        joined.append(request)
    if joined:
        yield Order(joined[0], tuple(each.seed for each in joined), keep)


def order_to_json(order: Order) -> dict[str, Any]:
    """Return *order* as values that JSON knows."""
    return {"request": asdict(order.request), "seeds": list(order.seeds), "keep": order.keep}


def order_from_json(values: Mapping[str, Any]) -> Order:
    """Read an order back from what `order_to_json` returned, also after a round through JSON text.

    Raises:
        KeyError, TypeError: it is none.
    """
    return Order(GenerationRequest(**values["request"]), tuple(values["seeds"]), bool(values["keep"]))


def scores_to_json(scores: Scores) -> dict[str, Any]:
    """Return *scores* as values that JSON knows."""
    return {
        "aesthetic": scores.aesthetic,
        "fidelity": scores.fidelity,
        "artifacts": dict(scores.artifacts),
        "signals": dict(scores.signals),
        "preference": scores.preference,
    }


def scores_from_json(values: Mapping[str, Any]) -> Scores:
    """Read scores back from what `scores_to_json` returned.

    Raises:
        KeyError, TypeError, ValueError: they are none.
    """
    return Scores(
        float(values["aesthetic"]),
        float(values["fidelity"]),
        {str(name): float(each) for name, each in values["artifacts"].items()},
        {str(name): float(each) for name, each in values["signals"].items()},
        None if values.get("preference") is None else float(values["preference"]),
    )


def only_probes(
    scores: Sequence[Scores], probes: Sequence[str] | None, known: Sequence[str] | None = None
) -> list[Scores]:
    """Return *scores* with the artifacts named in *probes* alone; None leaves them as they are.

    The study tested the scorer and left out the probes that failed; every worker has to leave out the same. *known* is
    what the worker's scorer can find, None where it does not say: of that it may keep quiet, since what a prompt asks
    for is no defect of its pictures.

    Raises:
        ScorerError: one of them is missing.
    """
    if probes is None:
        return list(scores)
    said = [each.artifacts for each in scores] if known is None else [known]
    missing = sorted({name for names in said for name in set(probes) - set(names)})
    if missing:
        raise ScorerError(f"This worker's scorer has no probe for {', '.join(missing)}; give it the study's scorer.")
    return [
        replace(each, artifacts={name: each.artifacts[name] for name in probes if name in each.artifacts})
        for each in scores
    ]


def picture_to_text(image: Image.Image) -> str:
    """Encode a copy of *image*, at most `KEPT_PICTURE_EDGE` pixels wide and high, as PNG in base64: 1.1 MB at most."""
    small = image.copy()
    small.thumbnail((KEPT_PICTURE_EDGE, KEPT_PICTURE_EDGE))
    stream = io.BytesIO()
    small.save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode("ascii")


def picture_from_text(text: str) -> Image.Image:
    """Decode what `picture_to_text` returned into an RGB image.

    Raises:
        ValueError: it is no PNG of that size.
    """
    from PIL import Image

    try:
        picture = Image.open(io.BytesIO(base64.b64decode(text, validate=True)), formats=("PNG",))
        if max(picture.size) > KEPT_PICTURE_EDGE:  # before anything is unpacked
            raise ValueError(f"a picture of {picture.size[0]}x{picture.size[1]} pixels")
        return picture.convert("RGB")
    except (OSError, SyntaxError, binascii.Error, Image.DecompressionBombError) as error:
        raise ValueError("no PNG") from error
