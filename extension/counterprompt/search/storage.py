"""Opens the database through which a study and its workers talk: one of Optuna's own storages."""

from __future__ import annotations

import re
import time
import warnings
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from counterprompt.errors import GeneratorError, InvalidInputError, MissingModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from optuna.storages import BaseStorage


Params = ParamSpec("Params")
Answer = TypeVar("Answer")

FORMS = "sqlite:///FILE, postgresql://USER:PASSWORD@HOST/DATABASE or grpc://HOST:PORT"

PATIENCE_S = 120.0
"""Seconds for which a database that does not answer is asked again."""

_SQLITE_TIMEOUT_S = 60

_PASSWORD_FIELD = re.compile(r"([?&](?:password|passwd|sslpassword)=)[^&]*", re.IGNORECASE)
"""Where drivers take a password behind the question mark."""


def open_storage(url: str, *, is_cached: bool = True, is_new: bool = True) -> BaseStorage:
    """Open the Optuna storage at *url*, creating its tables where they are missing, and its file too if it *is_new*.

    *url* is one of `FORMS`; the last is the address of `optuna.storages.run_grpc_proxy_server`. What else SQLAlchemy
    and Optuna can open, MySQL among it, is let through, but not tested.
    A worker of many studies opens it with *is_cached* off: SQLite gives numbers of deleted pictures to later orders,
    and a cache would take such an order for the picture it remembers.

    Raises:
        InvalidInputError: it is no such URL, nothing that we can use is there, or no file where it must not be new. No
            message repeats a password.
        MissingModelError: the database's driver, or grpcio, is not installed.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        scheme = urlsplit(url).scheme
        return _open_proxy(url) if scheme == "grpc" else _open_database(url, is_cached, is_new)
    except ImportError as error:
        raise MissingModelError(
            f"The storage {without_password(url)} needs a package that is not installed ({error}); "
            "install psycopg2-binary for PostgreSQL, grpcio and protobuf for grpc."
        ) from error
    except (ValueError, ConnectionError) as error:
        raise InvalidInputError(
            f"The storage {without_password(url)} cannot be used ({type(error).__name__}); give one such as {FORMS}."
        ) from error


@contextmanager
def opened_storage(url: str) -> Iterator[BaseStorage]:
    """Open the storage at *url*, as `open_storage` does, for a `with` block, after which its connections are closed."""
    storage = open_storage(url)
    try:
        yield storage
    finally:
        backend = getattr(storage, "_backend", storage)  # what Optuna's cache is in front of
        if hasattr(backend, "engine"):
            backend.engine.dispose()
        elif hasattr(backend, "close"):
            backend.close()


def _open_proxy(url: str) -> BaseStorage:
    from optuna.storages import GrpcStorageProxy

    parts = urlsplit(url)
    if not parts.hostname or not parts.port:
        raise ValueError("host and port")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # marked experimental
        proxy = GrpcStorageProxy(host=parts.hostname, port=parts.port)
        proxy.wait_server_ready(timeout=10)
    return proxy


def _open_database(url: str, is_cached: bool, is_new: bool) -> BaseStorage:
    import sqlalchemy
    from optuna.exceptions import StorageInternalError
    from optuna.storages import RDBStorage, get_storage

    try:
        url = _with_driver(url)
        address = sqlalchemy.make_url(url)
        is_sqlite = address.get_backend_name() == "sqlite"
    except sqlalchemy.exc.ArgumentError as error:
        raise ValueError("no URL") from error
    if is_sqlite and not is_new and not Path(address.database or "").is_file():
        raise InvalidInputError(f"{url} is no file; name the storage that the study was started with.")
    options: dict[str, Any] = {"connect_args": {"timeout": _SQLITE_TIMEOUT_S}} if is_sqlite else {}
    for attempt in range(5):
        try:
            database = RDBStorage(url, engine_kwargs=options)
            break
        except (sqlalchemy.exc.SQLAlchemyError, StorageInternalError) as error:
            # Several programs that start at once trip over each other's CREATE TABLE.
            if attempt == 4 or isinstance(error, sqlalchemy.exc.NoSuchModuleError):
                raise ConnectionError("no answer") from error
            time.sleep(0.2 * 2**attempt)
    if is_sqlite:
        _lock_at_begin(database.engine)
    return get_storage(database) if is_cached else database


def _with_driver(url: str) -> str:
    """Name psycopg or psycopg2 in a PostgreSQL URL that leaves it open: SQLAlchemy's own choice varies by version."""
    scheme, separator, rest = url.partition("://")
    if scheme not in ("postgresql", "postgres"):
        return url
    installed = [driver for driver in ("psycopg", "psycopg2") if find_spec(driver) is not None]
    return f"postgresql+{[*installed, 'psycopg2'][0]}{separator}{rest}"


def _lock_at_begin(engine: Any) -> None:
    """Make every transaction of SQLite lock at its begin.

    By itself a transaction that reads and then writes lets another in between, and two workers could take the same
    trial. The two events are SQLAlchemy's documented recipe for it (dialects, SQLite, "Serializable isolation").
    """
    from sqlalchemy import event

    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        # As in `search.record`: a killed program loses nothing, a power cut at most the last orders.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")

    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    engine.dispose()  # connections opened before do not know of it


def without_password(url: str) -> str:
    """Return *url* without the password it may hold, to be shown."""
    try:
        password = urlsplit(url).password
        shown = url.replace(f":{password}@", ":***@") if password else url
        return _PASSWORD_FIELD.sub(r"\1***", shown)
    except ValueError:
        return "given"


def patiently(call: Callable[Params, Answer], *args: Params.args, **kwargs: Params.kwargs) -> Answer:
    """Return what *call* returns, calling again where the database is away for a while, at most for `PATIENCE_S`.

    Raises:
        GeneratorError: it is away for longer.
    """
    deadline = time.monotonic() + PATIENCE_S
    pause_s = 0.05
    while True:
        try:
            return call(*args, **kwargs)
        except Exception as error:
            if not _may_pass(error):
                raise
            if time.monotonic() + pause_s > deadline:
                raise GeneratorError(
                    f"The storage gave no answer for {PATIENCE_S:g} s ({type(error).__name__}); start it again and "
                    "resume: no score is lost."
                ) from error
        time.sleep(pause_s)
        pause_s = min(5.0, 2 * pause_s)


def _may_pass(error: Exception) -> bool:
    """Say whether *error* comes from the database or the way to it."""
    from optuna.exceptions import StorageInternalError
    from sqlalchemy.exc import DBAPIError

    return isinstance(error, (StorageInternalError, DBAPIError)) or type(error).__module__.split(".")[0] == "grpc"
