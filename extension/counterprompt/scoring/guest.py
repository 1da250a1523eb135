"""Lets a network work on a card that belongs to somebody else: a WebUI, which needs the memory for its own model.

The weights stay on the processor in full precision. For the time of one call copies in half precision lie on the card;
afterwards the card holds nothing of ours. Where its memory runs out the batch is halved, down to one picture, and then
the processor takes over for good: slower, but the study goes on.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TypeVar

from counterprompt.errors import ScorerError
from counterprompt.memory import is_out_of_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

HOME: Final = "cpu"
PRECISIONS: Final = ("fp32", "fp16", "bf16")
"""Kinds of numbers a network can reckon in; the settings' names."""
_TORCH_NAMES: Final = {"fp32": "float32", "fp16": "float16", "bf16": "bfloat16"}

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Guest:
    """Runs one network in batches, on a card where there is room.

    Args:
        network: a torch module, or a part of one, whose weights lie on the processor in 32 bits.
        device: where it shall work: "cpu", "cuda" or "cuda:N".
        precision: one of PRECISIONS; "" takes 16 bits on a card and 32 on the processor.
        batch_size: items that go through it at once, at least 1.
        is_resident: whether it may stay on the card between calls.

    Raises:
        ScorerError: the batch size or the precision is none.
    """

    def __init__(
        self,
        network: Any,
        device: str = HOME,
        *,
        precision: str = "",
        batch_size: int = 16,
        is_resident: bool = False,
    ) -> None:
        if batch_size < 1:
            raise ScorerError(f"The scorer's batch size must be at least 1, not {batch_size}.")
        if precision and precision not in PRECISIONS:
            raise ScorerError(f"The scorer cannot reckon in {precision!r}; use one of {', '.join(PRECISIONS)}.")
        self.device = device
        self.precision = precision or ("fp32" if device == HOME else "fp16")
        self.batch_size = batch_size
        self.remarks: tuple[str, ...] = ()
        """What became of the card, one sentence each; empty as long as all is well."""
        self._is_resident = is_resident
        self._tensors = list(chain(network.parameters(), network.buffers()))
        self._weights_at_home = [tensor.data for tensor in self._tensors]
        self._is_away = False
        self._lock = threading.RLock()

    @property
    def dtype(self) -> Any:
        """The torch type of the numbers it takes while it works."""
        import torch

        return getattr(torch, _TORCH_NAMES[self.precision])

    def run(self, encode: Callable[[Sequence[_Item]], _Result], items: Sequence[_Item]) -> list[_Result]:
        """Give *items* to *encode* in batches, in order, and return what it made of each batch.

        Args:
            encode: must send its items to `device` as `dtype`, and return nothing that lies on the card.
            items: any number; none gives an empty list.

        Raises:
            ScorerError: not even the processor has the memory for one of them.
        """
        results: list[_Result] = []
        done = 0
        with self._lock:
            while done < len(items):
                shortage = ""
                try:
                    with self._at_work():
                        while done < len(items):
                            batch = items[done : done + self.batch_size]
                            results.append(encode(batch))
                            done += len(batch)
                except (RuntimeError, MemoryError) as error:
                    if not is_out_of_memory(error):
                        raise
                    shortage = (str(error).splitlines() or ["out of memory"])[0]
                if shortage:  # outside of the handler, whose traceback keeps the tensors of the failed batch alive
                    self._retreat(shortage)
        return results

    def go_home(self) -> None:
        """Take the weights off the card, also where they might stay."""
        with self._lock:
            if not self._is_away:
                return
            for tensor, weights in zip(self._tensors, self._weights_at_home):
                tensor.data = weights
            self._is_away = False
            _free_card()

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        try:
            if not self._is_away and (self.device, self.precision) != (HOME, "fp32"):
                self._is_away = True
                for tensor, weights in zip(self._tensors, self._weights_at_home):
                    kind = self.dtype if weights.is_floating_point() else weights.dtype
                    tensor.data = weights.to(self.device, kind)
            yield
        except BaseException:
            self.go_home()
            raise
        if not self._is_resident:
            self.go_home()

    def _retreat(self, reason: str) -> None:
        """Halve the batch, or leave the card where one item alone is too much."""
        _free_card()
        if self.batch_size > 1:
            self.batch_size //= 2
            return
        if self.device == HOME:
            raise ScorerError(f"There is too little memory to score a single picture ({reason}); close other programs.")
        self.remarks = (
            *self.remarks,
            f"{self.device} has no room for the scorer ({reason}), so it works on the processor from here on.",
        )
        self.device, self.precision = HOME, "fp32"


def pick_device(wanted: str = "auto") -> str:
    """Return where a scorer shall work: *wanted*, or for "auto" the first card torch can use, else the processor.

    Raises:
        ScorerError: a card is wanted that is not here.
    """
    import torch

    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else HOME
    if wanted != HOME and not (wanted.startswith("cuda") and torch.cuda.is_available()):
        raise ScorerError(f'There is no {wanted!r} for the scorer here; set scorer_device to "auto" or "cpu".')
    return wanted


def pick_precision(wanted: str, device: str) -> str:
    """Return what a scorer shall reckon in on *device*: *wanted*, or for "auto" 16 bits; on the processor 32 bits.

    Raises:
        ScorerError: it is "bf16", which the card cannot reckon in.
    """
    import torch

    if device == HOME:
        return "fp32"
    if wanted == "bf16":
        with torch.cuda.device(device):
            if not torch.cuda.is_bf16_supported():
                raise ScorerError(f'{device} cannot reckon in bf16; set scorer_precision to "fp16" or "auto".')
    return "fp16" if wanted == "auto" else wanted


def _free_card() -> None:
    """Hand cached memory back to the driver: a WebUI may run in another process."""
    import torch

    if torch.cuda.is_available():
        torch.cuda.empty_cache()
