"""Downloads a tagger that is asked for by name, with a progress bar, before the command that needs it begins."""

from pathlib import Path

from counterprompt.bootstrap.taggers import tagger_store
from counterprompt.cli.progress import TerminalProgress
from counterprompt.settings import load_settings


def fetch_if_needed(name: Path | None) -> Path | None:
    """Return *name* as it is, having downloaded the tagger of that name, or of the settings, where it is missing.

    Raises:
        InvalidInputError: it is neither a folder nor a tagger's name.
        MissingModelError: the download failed.
    """
    settings = load_settings()
    chosen = name or settings.tagger_folder
    if chosen is None:
        return name
    store = tagger_store(settings)
    if store.is_missing(chosen):
        with TerminalProgress() as progress:
            store.resolve(chosen, progress)
    return name
