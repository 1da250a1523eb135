"""What the Hugging Face hub says of a file before it is fetched, and the file itself.

The hub answers HEAD and GET on ENDPOINT/OWNER/NAME/resolve/REVISION/FILE. Large files redirect to a store elsewhere;
the first answer then carries X-Linked-Size, X-Linked-Etag (the sha256 of the content) and X-Repo-Commit. Small files
have an ETag that is their git blob hash.
"""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from counterprompt.tagging.hub_source import HubRefusalError, no_address, refusal, silence

if TYPE_CHECKING:
    from email.message import Message

    from counterprompt.tagging.hub_source import HubSource

CONNECT_TIMEOUT_S: Final = 20.0
_REDIRECTS: Final = 8


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


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows nothing: urllib would turn HEAD into GET and take the store's headers for the hub's."""

    def http_error_302(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> None:
        """Leave it to the handler of errors."""

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


class _AllRedirects(urllib.request.HTTPRedirectHandler):
    """Follows 308 too, which mirrors use and urllib knows only since Python 3.11."""

    def redirect_request(
        self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        """Treat 308 as 307: both keep the method."""
        return super().redirect_request(req, fp, 307 if code == 308 else code, msg, headers, newurl)

    http_error_308 = urllib.request.HTTPRedirectHandler.http_error_302


def ask_hub(source: HubSource, filename: str) -> RemoteFile:
    """Ask for size, hash and commit of one file.

    Raises:
        HubRefusalError: no such repository, revision or file, or it is gated.
        HubSilenceError: no network.
    """
    try:
        return _ask(source, filename)
    except ValueError as error:  # urllib's for addresses that are none
        raise no_address(source) from error


def _ask(source: HubSource, filename: str) -> RemoteFile:
    url, commit = source.url(filename), ""
    opener = urllib.request.build_opener(_NoRedirects)
    for _ in range(_REDIRECTS):
        headers = _head(opener, url, source, filename)
        commit = commit or headers.get("X-Repo-Commit") or ""
        location = headers.get("Location")
        if headers.get("X-Linked-Etag") or not location:
            size = headers.get("X-Linked-Size") or (None if location else headers.get("Content-Length")) or ""
            etag = headers.get("X-Linked-Etag") or headers.get("ETag") or ""
            number = int(size) if size.isascii() and size.isdigit() else -1
            return RemoteFile(source.url(filename), plain_etag(etag), number, commit)
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
    try:
        request = _request(source.url(filename), source, "GET")
        if start:
            request.add_header("Range", f"bytes={start}-")  # travels along redirects, unlike the token
        opener = urllib.request.build_opener(_AllRedirects)
        response: http.client.HTTPResponse = opener.open(request, timeout=CONNECT_TIMEOUT_S)
    except urllib.error.HTTPError as error:
        raise refusal(error, source, filename) from error
    except (OSError, http.client.HTTPException) as error:
        raise silence(source, error) from error
    except ValueError as error:
        raise no_address(source) from error
    return response


def plain_etag(etag: str) -> str:
    """Take the weakness mark and the quotes off an ETag: 'W/"abc"' -> 'abc'."""
    return etag.removeprefix("W/").strip('"')


def _head(opener: urllib.request.OpenerDirector, url: str, source: HubSource, filename: str) -> Message[str, str]:
    try:
        with opener.open(_request(url, source, "HEAD"), timeout=CONNECT_TIMEOUT_S) as response:
            headers: Message[str, str] = response.headers
            return headers
    except urllib.error.HTTPError as error:
        with error:
            if error.code in {301, 302, 303, 307, 308}:
                return error.headers
            raise refusal(error, source, filename) from error
    except (OSError, http.client.HTTPException) as error:
        raise silence(source, error) from error


def _request(url: str, source: HubSource, method: str) -> urllib.request.Request:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise no_address(source)
    headers = {"User-Agent": "counterprompt", "Accept-Encoding": "identity"}
    request = urllib.request.Request(url, headers=headers, method=method)  # noqa: S310
    if source.token and parts.netloc == urlsplit(source.endpoint).netloc:
        request.add_unredirected_header("Authorization", f"Bearer {source.token}")
    return request
