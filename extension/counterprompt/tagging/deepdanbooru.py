"""DeepDanbooru as a running WebUI has it, asked over its API (AUTOMATIC1111, Forge, reForge; others lack it).

`POST /sdapi/v1/interrogate` with a picture and the model "deepdanbooru" answers {"caption": "1girl, red hair"}
(1.10.1, modules/api/api.py and modules/deepbooru.py). How the tags are spelled follows the user's settings, so every
spelling is read: underscores or spaces, escaped parentheses, and "(tag:0.987)" where ranks are switched on.
"""

from __future__ import annotations

import base64
import http.client
import io
import json
import re
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any, Final

from counterprompt.errors import GeneratorError, InvalidInputError, MissingModelError
from counterprompt.tagging.labels import KAOMOJI, spaced_name
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory
from counterprompt.webui_login import login_headers, refuse_outsiders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

MODEL_NAMES: Final = ("deepdanbooru", "deepbooru")
"""What WebUIs call it, in the order in which they are tried."""
_ANSWER_LIMIT: Final = 8 << 20
_LONGEST_EDGE: Final = 1024
_USUAL_THRESHOLD: Final = 0.5
_RANKED: Final = re.compile(r"\((.+):([01](?:\.\d{1,6})?)\)")
_TORN_FACES: Final = {face.replace("_", " "): face for face in KAOMOJI}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: a redirect could carry picture and password elsewhere."""

    def redirect_request(self, *args: Any) -> None:
        """Refuse."""
        return


class DeepDanbooruTagger:
    """Implements `ports.Tagger` with the WebUI at *url*.

    The API does not tell the model's vocabulary. Unless *vocabulary* does, a picture's own tags are all that counts as
    known, so that nothing is ever called missing on this tagger's word.

    Args:
        url: base URL of the WebUI, http or https.
        auth: "user:password" of `--api-auth`, or None.
        vocabulary: every tag of the model, if known.
        timeout_s: how long one answer may take, in seconds; the first may have to wait for the model.

    Raises:
        InvalidInputError: *url* or *auth* is malformed.
    """

    def __init__(
        self, url: str, auth: str | None = None, *, vocabulary: frozenset[str] = frozenset(), timeout_s: float = 120.0
    ) -> None:
        self._url = url.strip().rstrip("/")
        if not re.match(r"https?://[^/@]+(/[^?#]*)?$", self._url):
            raise InvalidInputError(f'"{url[:200]}" is no URL of a WebUI; give one such as http://127.0.0.1:7860.')
        self._headers = {"Content-Type": "application/json", **login_headers(auth)}
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
        self._timeout_s = timeout_s
        self._model_name: str | None = None
        self._vocabulary = vocabulary

    @property
    def name(self) -> str:
        """What it is, for reports."""
        return f"DeepDanbooru of {self._url}"

    @property
    def vocabulary(self) -> frozenset[str]:
        """What was given as its vocabulary."""
        return self._vocabulary

    def tag(self, images: Sequence[Image.Image]) -> list[ObservedTags]:
        """Tag each picture, in order; where the host gives no ranks, the confidence is its threshold, the least it is.

        Raises:
            GeneratorError: the WebUI cannot be reached or refuses.
            MissingModelError: it has no DeepDanbooru.
        """
        threshold = self._threshold() if images else _USUAL_THRESHOLD
        return [self._observe(self._caption(image), threshold) for image in images]

    def _observe(self, caption: str, threshold: float) -> ObservedTags:
        seen = {tag.name: tag for tag in parse_tags(caption, threshold)}
        ordered = sorted(seen.values(), key=lambda tag: -tag.confidence)
        return ObservedTags(tuple(ordered), self._vocabulary | frozenset(seen))

    def _caption(self, image: Image.Image) -> str:
        body: dict[str, Any] = {"image": _encode(image)}
        for model_name in (self._model_name,) if self._model_name else MODEL_NAMES:
            status, answer = self._exchange("/sdapi/v1/interrogate", {**body, "model": model_name})
            if status == 200 and isinstance(answer.get("caption"), str):
                self._model_name = model_name
                return str(answer["caption"])
            if status not in (404, 422):
                raise GeneratorError(f"The WebUI at {self._url} failed to tag ({status}); look at its console.")
        raise MissingModelError(
            f"The WebUI at {self._url} has no DeepDanbooru; use another tagger, or a WebUI that has it with --api."
        )

    def _threshold(self) -> float:
        """Ask for the confidence that the host's tags have at least."""
        status, answer = self._exchange("/sdapi/v1/options")
        value = answer.get("interrogate_deepbooru_score_threshold") if status == 200 else None
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return min(max(float(value), 0.0), 1.0) if is_number and value is not None else _USUAL_THRESHOLD

    def _exchange(self, route: str, body: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + route, content, self._headers)  # noqa: S310 - checked to be http
        try:
            with self._opener.open(request, timeout=self._timeout_s) as response:
                status, text = int(response.status), response.read(_ANSWER_LIMIT)
        except urllib.error.HTTPError as error:
            status, text = error.code, b"{}"
            error.close()
        except (OSError, ValueError, http.client.HTTPException) as error:  # ValueError: no host can be called so
            raise GeneratorError(
                f"The WebUI at {self._url} cannot be reached ({error}); start it with --api, or correct the URL."
            ) from error
        refuse_outsiders(status, self._url)
        return status, _json_object(text)


def parse_tags(caption: str, threshold: float) -> list[ObservedTag]:
    """Read the host's caption, most often "1girl, red hair"; a tag without rank gets *threshold* as its confidence."""
    return [_parse_tag(part.strip(), threshold) for part in caption.split(", ") if part.strip()]


def _parse_tag(part: str, threshold: float) -> ObservedTag:
    ranked = _RANKED.fullmatch(part)
    written, confidence = (ranked.group(1), min(float(ranked.group(2)), 1.0)) if ranked else (part, threshold)
    name = spaced_name(re.sub(r"\\([\\()])", r"\1", written))
    return ObservedTag(_TORN_FACES.get(name, name), TagCategory.GENERAL, confidence)


def _encode(image: Image.Image) -> str:
    # The host scales to 512 pixels itself; larger pictures would only take longer to send.
    smaller = image.convert("RGB")
    smaller.thumbnail((_LONGEST_EDGE, _LONGEST_EDGE))
    stream = io.BytesIO()
    smaller.save(stream, "PNG", compress_level=1)
    return base64.b64encode(stream.getvalue()).decode("ascii")


def _json_object(text: bytes) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
