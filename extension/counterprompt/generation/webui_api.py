"""Generates pictures with a running WebUI through its REST API (started with `--api`)."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from counterprompt.advice.inventory import selected_checkpoint
from counterprompt.errors import GeneratorError
from counterprompt.generation.webui_connection import WebuiConnection
from counterprompt.generation.webui_pictures import decode_pictures, largest_answer
from counterprompt.generation.webui_requests import consecutive_batches, txt2img_body
from counterprompt.prompts.extra_networks import LORA_KINDS, find_extra_networks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from PIL import Image

    from counterprompt.ports import GenerationRequest

API = "/sdapi/v1"
BATCH_SIZE: Final = 4
"""How many pictures one call asks for where nothing else is said."""

CLIP_SKIP_OPTION = "CLIP_stop_at_last_layers"
UNSERVED = ("Automatic", "automatic", "")


class WebuiGenerator:
    """An ImageGenerator on AUTOMATIC1111's WebUI and its relatives."""

    def __init__(
        self,
        url: str,
        auth: str | None = None,
        *,
        batch_size: int = BATCH_SIZE,
        timeout_s: float = 300.0,
        retries: int = 2,
        backoff_s: float = 0.5,
    ) -> None:
        """Remember the host; nothing is sent yet.

        Args:
            url: base URL such as "http://127.0.0.1:7860".
            auth: "user:password" of `--api-auth`, or None.
            batch_size: how many pictures one call may ask for, at least 1; the host's memory is the limit.
            timeout_s: how long one call may take, in seconds.
            retries: how often a call is repeated after a reset connection, a 5xx status or silence.
            backoff_s: seconds before the first repetition, doubled each time.

        Raises:
            InvalidInputError: *url* or *auth* is malformed.
        """
        self._connection = WebuiConnection(url, auth, timeout_s=timeout_s, retries=retries, backoff_s=backoff_s)
        self._batch_size = max(1, batch_size)
        self._known: dict[str, frozenset[str] | None] = {}
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """What it is, for reports."""
        return f"webui: {self._connection.url}"

    @property
    def batch_size(self) -> int:
        """How many requests are best given at once."""
        return self._batch_size

    def checkpoint_name(self) -> str:
        """Ask the host which checkpoint it has loaded; also a check that it answers.

        Raises:
            GeneratorError: it does not.
        """
        options = self._connection.get(f"{API}/options")
        return selected_checkpoint(options, lambda: self._connection.get(f"{API}/sd-models"))

    def lora_names(self) -> frozenset[str] | None:
        """Name the LoRAs that the host can load, also by their aliases; None where it cannot tell.

        Raises:
            GeneratorError: the host cannot be reached.
        """
        return self._listed("loras", "name", "alias")

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Generate one RGB picture per request, in order; consecutive seeds share a call.

        Raises:
            GeneratorError: the host cannot be reached, refused or failed, or lacks a sampler, schedule type or LoRA
                (which it would silently replace); nothing is returned then.
        """
        with self._lock:
            for request in {replace(request, seed=0) for request in requests}:
                self._refuse_unserved(request)
            pictures: list[Image.Image] = []
            for batch in consecutive_batches(requests, self._batch_size):
                pictures.extend(self._call(batch[0], len(batch)))
            return pictures

    def _call(self, request: GenerationRequest, count: int) -> list[Image.Image]:
        size = (request.width, request.height)
        with self._clip_skip(request.clip_skip) as override_settings:
            body = txt2img_body(request, count) | override_settings
            answer = self._connection.post(f"{API}/txt2img", body, largest=largest_answer(count, size))
        return decode_pictures(answer, count, size)

    @contextmanager
    def _clip_skip(self, clip_skip: int) -> Iterator[dict[str, Any]]:
        """Override the host's CLIP skip where it differs, and see that it is as before afterwards.

        A1111 1.10 forgets to restore an overridden option that its settings file does not hold yet.
        """
        before = self._host_clip_skip()
        if before is None or before == clip_skip:
            yield {}
            return
        try:
            yield {"override_settings": {CLIP_SKIP_OPTION: clip_skip}}
        finally:
            if self._host_clip_skip() != before:
                self._connection.post(f"{API}/options", {CLIP_SKIP_OPTION: before})

    def _host_clip_skip(self) -> int | None:
        options = self._connection.get(f"{API}/options")
        value = options.get(CLIP_SKIP_OPTION) if isinstance(options, dict) else None
        return int(value) if isinstance(value, (int, float)) else None

    def _refuse_unserved(self, request: GenerationRequest) -> None:
        """The host would draw with another sampler, or without a LoRA, and not say so."""
        samplers = self._remembered("samplers", "name")
        schedules = self._remembered("schedulers", "label", "name") or frozenset()
        legacy = {f"{sampler} {schedule}" for sampler in samplers or () for schedule in schedules}
        if samplers is not None and request.sampler_name not in samplers | legacy:
            raise GeneratorError(_unknown("sampler", request.sampler_name, samplers))
        if schedules and request.scheduler not in schedules.union(UNSERVED):
            raise GeneratorError(_unknown("schedule type", request.scheduler, schedules))
        for network in find_extra_networks(request.prompt):
            if network.fault:
                raise GeneratorError(f'"{network.text[:200]}" cannot be used: {network.fault}; correct it.')
            if network.kind in LORA_KINDS:
                self._refuse_missing_lora(network.name)

    def _refuse_missing_lora(self, name: str) -> None:
        loras = self._remembered("loras", "name", "alias")
        if loras is not None and name not in loras:
            loras = self._known["loras"] = self.lora_names()  # it may have been added since
        if loras is not None and name not in loras:
            raise GeneratorError(_unknown("LoRA", name, loras))

    def _remembered(self, route: str, *fields: str) -> frozenset[str] | None:
        if route not in self._known:
            self._known[route] = self._listed(route, *fields)
        return self._known[route]

    def _listed(self, route: str, *fields: str) -> frozenset[str] | None:
        """Collect *fields* of every entry that *route* lists; None where the host has no such route."""
        entries = self._connection.get_if_offered(f"{API}/{route}")
        if not isinstance(entries, list):
            if route == "samplers":
                self.checkpoint_name()  # says what is wrong with a host that lists no samplers
            return None
        found = (entry.get(field) for entry in entries if isinstance(entry, dict) for field in fields)
        return frozenset(value for value in found if isinstance(value, str) and value)


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    listed = ", ".join(names[:40]) + (f" and {len(names) - 40} more" if len(names) > 40 else "")
    return f'The WebUI has no {what} "{name[:200]}"; choose one of: {listed or "none"}.'
