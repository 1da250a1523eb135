"""One WebUI or several: which of them draw, and whether they draw alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.ports import ImageGenerator

DEFAULT_URL = "http://127.0.0.1:7860"
"""Where a WebUI listens unless told otherwise."""


def joined_urls(urls: Sequence[str] | None) -> str:
    """Return *urls* as one text, blanks between them; the default where there are none.

    Raises:
        InvalidInputError: one of them holds a blank, so that it would be taken for several.
    """
    for url in urls or ():
        if len(url.split()) > 1:
            raise InvalidInputError(f'"{url[:200]}" is not an http or https URL; give one such as {DEFAULT_URL}.')
    return " ".join(urls or ()) or DEFAULT_URL


def load_webuis(urls: str, auth: str | None = None) -> ImageGenerator:
    """Return the generator over the WebUIs at *urls*, separated by blanks, each of which must answer.

    *auth* is "USER:PASSWORD" of all of them.

    Raises:
        InvalidInputError: *auth* has no colon, a URL is none, or two of them have different checkpoints loaded.
        GeneratorError: one of them does not answer.
    """
    from counterprompt.generation.webui_api import WebuiGenerator
    from counterprompt.generation.webui_pool import WebuiPool

    hosts = [WebuiGenerator(url, auth) for url in dict.fromkeys(urls.split())]
    loaded = {host.name: host.checkpoint_name() for host in hosts}
    if len(set(loaded.values())) > 1:
        said = "; ".join(f'{name} has "{checkpoint}"' for name, checkpoint in loaded.items())
        raise InvalidInputError(f"The WebUIs have different checkpoints loaded ({said}); load the same one in each.")
    return hosts[0] if len(hosts) == 1 else WebuiPool(hosts)


def loaded_checkpoint(generator: ImageGenerator) -> str | None:
    """Ask the WebUI behind *generator*, the first of several, which checkpoint it has loaded; None where it is none.

    A WebUI is whatever can tell its `checkpoint_name`.

    Raises:
        GeneratorError: it does not answer.
    """
    from counterprompt.generation.webui_pool import WebuiPool

    if isinstance(generator, WebuiPool):
        return loaded_checkpoint(generator.hosts[0])
    ask = getattr(generator, "checkpoint_name", None)
    return str(ask()) if callable(ask) else None
