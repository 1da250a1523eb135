"""Talks JSON over HTTP with a WebUI and says in one sentence what went wrong."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from counterprompt.errors import GeneratorError, InvalidInputError
from counterprompt.generation.webui_answer import one_line, parse_answer
from counterprompt.webui_login import login_headers

CONNECT_TIMEOUT_S = 10.0
SMALL_ANSWER = 32 * 2**20
"""Bytes that lists and settings may take: a host with thousands of LoRAs sends their metadata along."""
RETRIED_STATUSES = (500, 502, 503, 504)
FAMILIES = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}


class _TryAgainError(Exception):
    """A fault that may pass; its message is what the user reads when it does not."""


@dataclass(frozen=True)
class Address:
    """Where a WebUI listens."""

    scheme: str
    """"http" or "https"."""
    host: str
    """Name or number, without brackets."""
    port: int | None
    """None: the scheme's own."""
    path: str
    """What stands before "/sdapi", its letters as a URL has them, without a slash at the end; usually nothing."""


def parse_address(url: str) -> Address:
    """Take a WebUI's base URL apart.

    Raises:
        InvalidInputError: it is no plain http or https URL.
    """
    advice = "give one such as http://127.0.0.1:7860"
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        (parts.hostname or "").encode("idna")  # as the system is asked for it, which fails of "a..b"
    except ValueError as error:
        raise InvalidInputError(f'"{url[:200]}" is not a URL ({error}); {advice}.') from error
    if parts.scheme not in FAMILIES or not parts.hostname:
        raise InvalidInputError(f'"{url[:200]}" is not an http or https URL; {advice}.')
    if parts.username is not None:
        raise InvalidInputError("The WebUI's URL holds a user name; leave it out and give user:password apart.")
    if parts.query or parts.fragment:
        raise InvalidInputError(f'"{url[:200]}" has more than an address in it; {advice}.')
    return Address(parts.scheme, parts.hostname, port, quote(parts.path.rstrip("/"), safe="/%:@!$&'()*+,;="))


class WebuiConnection:
    """Sends requests to one WebUI, again where a fault may pass."""

    def __init__(
        self, url: str, auth: str | None = None, *, timeout_s: float = 300.0, retries: int = 2, backoff_s: float = 0.5
    ) -> None:
        """Remember where to send requests; nothing is sent yet.

        Args:
            url: base URL of the WebUI.
            auth: "user:password" of `--api-auth`, or None.
            timeout_s: how long one answer may take, in seconds.
            retries: how often a request is sent again after a reset, a 5xx status or silence; 0 or more.
            backoff_s: seconds before the first repetition, doubled each time.

        Raises:
            InvalidInputError: *url* or *auth* is malformed.
        """
        login = login_headers(auth)
        self.url = url.strip().rstrip("/")
        self._address = parse_address(url)
        kind = "application/json"
        self._headers = {"Accept": kind, "Content-Type": kind, "Connection": "close", **login}
        self._timeout_s = timeout_s
        self._retries = max(0, retries)
        self._backoff_s = backoff_s

    def get(self, route: str) -> Any:
        """Fetch *route*, which begins with "/sdapi", and return what its JSON says.

        Raises:
            GeneratorError: the host cannot be reached or refuses.
        """
        return self._repeated("GET", route, None, SMALL_ANSWER)

    def get_if_offered(self, route: str) -> Any | None:
        """As `get`, but None where this host has no such route."""
        status, text = self._exchanged("GET", route, None, SMALL_ANSWER)
        return None if status == 404 else parse_answer(status, text, route, self.url)

    def post(self, route: str, body: dict[str, Any], *, largest: int = SMALL_ANSWER) -> Any:
        """Send *body* to *route* and return what the JSON of the answer says, of at most *largest* bytes.

        Raises:
            GeneratorError: the host cannot be reached or refuses.
        """
        return self._repeated("POST", route, body, largest)

    def _repeated(self, method: str, route: str, body: dict[str, Any] | None, largest: int) -> Any:
        return parse_answer(*self._exchanged(method, route, body, largest), route, self.url)

    def _exchanged(self, method: str, route: str, body: dict[str, Any] | None, largest: int) -> tuple[int, bytes]:
        """Send until an answer comes that is no passing fault."""
        text = json.dumps(body) if body is not None else None
        for attempt in range(self._retries + 1):
            try:
                status, answer = self._exchange(method, route, text, largest)
            except _TryAgainError as error:
                if attempt == self._retries:
                    raise GeneratorError(str(error)) from error.__cause__
            else:
                if status not in RETRIED_STATUSES or attempt == self._retries:
                    return status, answer
            time.sleep(self._backoff_s * 2**attempt)
        raise AssertionError("the last attempt returns or raises")

    def _exchange(self, method: str, route: str, text: str | None, largest: int) -> tuple[int, bytes]:
        address = self._address
        family = FAMILIES[address.scheme]
        connection = family(address.host, address.port, timeout=min(CONNECT_TIMEOUT_S, self._timeout_s))
        try:
            self._connect(connection)
            if connection.sock is not None:
                connection.sock.settimeout(self._timeout_s)
            connection.request(method, address.path + route, body=text, headers=self._headers)
            response = connection.getresponse()
            answer = response.read(largest + 1)
        except TimeoutError as error:
            raise _TryAgainError(
                f"The WebUI at {self.url} gave no answer in {self._timeout_s:g} s; raise the timeout or ask for less."
            ) from error
        except (OSError, http.client.HTTPException) as error:
            raise _TryAgainError(
                f"The WebUI at {self.url} broke the connection off ({_reason(error)}); look at its console."
            ) from error
        finally:
            connection.close()
        if len(answer) > largest:
            raise GeneratorError(f"The answer of {self.url} is larger than {largest} bytes; is this a WebUI?")
        return response.status, answer

    def _connect(self, connection: http.client.HTTPConnection) -> None:
        try:
            connection.connect()
        except ConnectionRefusedError as error:
            raise GeneratorError(
                f"Nothing listens at {self.url}; start the WebUI there, or correct the URL."
            ) from error
        except socket.gaierror as error:
            raise GeneratorError(f"The host of {self.url} cannot be found; check its name and the network.") from error
        except ssl.SSLError as error:
            raise GeneratorError(f"{self.url} speaks no proper https ({_reason(error)}); try http.") from error
        except TimeoutError as error:
            raise _TryAgainError(f"The host of {self.url} cannot be reached; check address and firewall.") from error
        except OSError as error:
            raise GeneratorError(f"The host of {self.url} is out of reach ({_reason(error)}); check it.") from error


def _reason(error: BaseException) -> str:
    return one_line(str(error)) or type(error).__name__
