"""One repository on a hub, and in one sentence why it would not give a file."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from counterprompt.errors import MissingModelError

if TYPE_CHECKING:
    import urllib.error

_REMEDY: Final = "or put model.onnx and selected_tags.csv into a folder and name it with --tagger"


@dataclass(frozen=True)
class HubSource:
    """One revision of one repository on one hub."""

    endpoint: str
    """The hub or its mirror, without a slash at the end: HF_ENDPOINT."""
    repo_id: str
    """OWNER/NAME."""
    revision: str
    """Commit, tag or branch."""
    token: str = ""
    """HF_TOKEN for gated repositories, sent to the endpoint alone; "" sends none."""

    def url(self, filename: str) -> str:
        """Return the address of one file."""
        return f"{self.endpoint}/{self.repo_id}/resolve/{quote(self.revision, safe='')}/{quote(filename)}"


class HubRefusalError(MissingModelError):
    """The hub answered, and will answer the same again."""


class HubSilenceError(MissingModelError):
    """The hub could not be reached or hung up; asking again may help."""


def silence(source: HubSource, error: Exception) -> HubSilenceError:
    """Say in one sentence why *source* could not be heard."""
    cause = getattr(error, "reason", error)
    host = urlsplit(source.endpoint).netloc or source.endpoint
    if isinstance(cause, ssl.SSLError):
        return HubSilenceError(
            f"The certificate of {host} cannot be checked ({cause.reason or 'SSL error'}); set SSL_CERT_FILE to your "
            f"certificates, {_REMEDY}."
        )
    reason = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    return HubSilenceError(
        f"There is no way to {host} ({reason}); connect to the network, set HF_ENDPOINT to a mirror, {_REMEDY}."
    )


def no_address(source: HubSource) -> HubRefusalError:
    """Say in one sentence that *source* is none, or leads to none."""
    return HubRefusalError(
        f"HF_ENDPOINT is {source.endpoint[:200]!r}, which is or leads to no http address; set it to the hub's or a "
        "mirror's, such as https://huggingface.co."
    )


def refusal(error: urllib.error.HTTPError, source: HubSource, filename: str) -> MissingModelError:
    """Turn a status and X-Error-Code (as `huggingface_hub` reads it) into a sentence."""
    repo, code = source.repo_id, error.headers.get("X-Error-Code") or ""
    if error.code >= 500 or error.code in {408, 429}:
        return HubSilenceError(
            f"{source.endpoint} answered {error.code} for {filename} of {repo}; try again later, set HF_ENDPOINT to a "
            f"mirror, {_REMEDY}."
        )
    if code == "GatedRepo":
        return HubRefusalError(
            f"{repo} is gated; accept its terms at {source.endpoint}/{repo} and set HF_TOKEN to your token, {_REMEDY}."
        )
    if code == "RevisionNotFound":
        return HubRefusalError(
            f'{repo} has no revision "{source.revision}" at {source.endpoint}; name one that it has as '
            f"{repo}@REVISION, {_REMEDY}."
        )
    if code == "EntryNotFound":
        return HubRefusalError(
            f"{repo} has no file {filename} in revision {source.revision}; name a repository of a WD tagger, {_REMEDY}."
        )
    return HubRefusalError(
        f"{source.endpoint} does not give {filename} of {repo} (status {error.code}): there is no such repository, it "
        f"is private, or a mirror lacks it; check HF_ENDPOINT and the name, {_REMEDY}."
    )
