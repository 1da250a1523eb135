"""What the Hugging Face hub says of a file before it is fetched, and in one sentence why it would not give it.

The hub answers HEAD and GET on ENDPOINT/OWNER/NAME/resolve/REVISION/FILE. Large files redirect to a store elsewhere;
the first answer then carries X-Linked-Size, X-Linked-Etag (the sha256 of the content) and X-Repo-Commit. Small files
have an ETag that is their git blob hash. Refusals name their cause in X-Error-Code (as `huggingface_hub` reads it).
"""

from __future__ import annotations

import http.client
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urljoin, urlsplit

from counterprompt.errors import MissingModelError

if TYPE_CHECKING:
    from email.message import Message

CONNECT_TIMEOUT_S: Final = 20.0
_REDIRECTS: Final = 8
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


@dataclass(frozen=True)
class RemoteFile:
    """What the hub says of one file."""

    url: str
    """Where GET is to be sent."""
    etag: str
    """Without quotes: 64 hex digits are the content's sha256, 40 its git blob hash; "" where it says nothing."""
    size: int
    """Bytes, -1 where it says nothing."""
    commit: str
    """The commit that the revision stands for, "" where it says nothing."""


class HubRefusalError(MissingModelError):
    """The hub answered, and will answer the same again."""


class HubSilenceError(MissingModelError):
    """The hub could not be reached or hung up; asking again may help."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object) -> None:
        """Follow nothing: urllib would turn HEAD into GET and take the hub's headers for the store's."""


def ask_hub(source: HubSource, filename: str) -> RemoteFile:
    """Ask for size, hash and commit of one file.

    Raises:
        HubRefusalError: no such repository, revision or file, or it is gated.
        HubSilenceError: no network.
    """
    url = source.url(filename)
    opener = urllib.request.build_opener(_NoRedirects)
    commit = ""
    for _ in range(_REDIRECTS):
        headers = _head(opener, url, source, filename)
        commit = commit or headers.get("X-Repo-Commit") or ""
        location = headers.get("Location")
        if headers.get("X-Linked-Etag") or not location:
            size = headers.get("X-Linked-Size") or (None if location else headers.get("Content-Length")) or ""
            etag = headers.get("X-Linked-Etag") or headers.get("ETag") or ""
            return RemoteFile(source.url(filename), plain_etag(etag), int(size) if size.isdigit() else -1, commit)
        url = urljoin(url, location)
    raise HubRefusalError(
        f"{source.endpoint} sends {filename} of {source.repo_id} in circles; set another HF_ENDPOINT."
    )


def open_from(source: HubSource, filename: str, start: int = 0) -> http.client.HTTPResponse:
    """Open one file for reading from byte *start*; status 206 says that the hub obeyed, 200 that it starts at 0.

    Raises:
        HubRefusalError: as `ask_hub`, or status 416: *start* lies behind the end.
        HubSilenceError: no network.
    """
    request = _request(source.url(filename), source, "GET")
    if start:
        request.add_header("Range", f"bytes={start}-")  # travels along redirects, unlike the token
    try:
        response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=CONNECT_TIMEOUT_S)  # noqa: S310
    except urllib.error.HTTPError as error:
        raise _refusal(error, source, filename) from error
    except (OSError, http.client.HTTPException) as error:
        raise silence(source, error) from error
    return response


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


def plain_etag(etag: str) -> str:
    """Take the weakness mark and the quotes off an ETag: 'W/"abc"' -> 'abc'."""
    return etag.removeprefix("W/").strip('"')


def _head(opener: urllib.request.OpenerDirector, url: str, source: HubSource, filename: str) -> Message[str, str]:
    if urlsplit(url).scheme not in {"http", "https"}:
        raise HubRefusalError(f"HF_ENDPOINT leads to {url[:200]!r}, which is no http address; correct it.")
    try:
        with opener.open(_request(url, source, "HEAD"), timeout=CONNECT_TIMEOUT_S) as response:
            headers: Message[str, str] = response.headers
            return headers
    except urllib.error.HTTPError as error:
        with error:
            if error.code in {301, 302, 303, 307, 308}:
                return error.headers
            raise _refusal(error, source, filename) from error
    except (OSError, http.client.HTTPException) as error:
        raise silence(source, error) from error


def _request(url: str, source: HubSource, method: str) -> urllib.request.Request:
    if urlsplit(url).scheme not in {"http", "https"}:
        raise HubRefusalError(f"HF_ENDPOINT is {source.endpoint[:200]!r}, which is no http address; correct it.")
    headers = {"User-Agent": "counterprompt", "Accept-Encoding": "identity"}
    request = urllib.request.Request(url, headers=headers, method=method)  # noqa: S310
    if source.token and urlsplit(url).netloc == urlsplit(source.endpoint).netloc:
        request.add_unredirected_header("Authorization", f"Bearer {source.token}")
    return request


def _refusal(error: urllib.error.HTTPError, source: HubSource, filename: str) -> MissingModelError:
    """Turn a status and X-Error-Code into a sentence."""
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
