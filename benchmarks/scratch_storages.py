"""Databases for the benchmarks and tests of workers: a SQLite file, PostgreSQL in a scratch folder, a gRPC proxy.

PostgreSQL comes from the distribution (`apt-get install postgresql`) and needs psycopg2-binary; the proxy needs grpcio
and protobuf. What is missing raises `MissingModelError`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from counterprompt.errors import MissingModelError

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ("sqlite", "postgresql", "grpc")

_PROXY = """
import sys
from concurrent.futures import ThreadPoolExecutor
from optuna.storages import run_grpc_proxy_server
from counterprompt.search.storage import open_storage
run_grpc_proxy_server(open_storage(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]),
                      thread_pool=ThreadPoolExecutor(32))
"""


@contextmanager
def scratch_storage(kind: str, folder: Path) -> Iterator[str]:
    """Run a storage of *kind* while the `with` block runs, and give its URL; a SQLite file lies in *folder*.

    Raises:
        MissingModelError: what it needs is not installed.
    """
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'work.sqlite3'}"
    elif kind == "postgresql":
        with _postgresql() as url:
            yield url
    else:
        need("grpc")
        with _postgresql() as url, _proxy(url) as address:
            yield address


def need(module: str) -> None:
    """Refuse to go on without *module*.

    Raises:
        MissingModelError: it is not installed.
    """
    if find_spec(module) is None:
        raise MissingModelError(f"The Python package {module} is missing; install it.")


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _programs() -> Path:
    """Find PostgreSQL's programs: on the path, or where Debian hides them."""
    found = shutil.which("initdb") or shutil.which("postgres")
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    places += [Path(found).resolve().parent] if found else []
    for place in places:
        if (place / "initdb").exists():
            return place
    raise MissingModelError("PostgreSQL is missing; install it with `apt-get install postgresql`.")


@contextmanager
def _postgresql() -> Iterator[str]:
    need("psycopg2")
    programs, port = _programs(), free_port()
    user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
    data = Path(tempfile.mkdtemp(prefix="scratch-postgresql-"))
    if user:
        shutil.chown(data, user)
    run = {"user": user, "cwd": "/", "check": True, "stdout": subprocess.DEVNULL}
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={data} -c max_connections=300"
    control = [programs / "pg_ctl", "-D", data, "-w"]
    try:
        subprocess.run([programs / "initdb", "-D", data, "-U", "counterprompt", "--auth=trust", "--no-sync"], **run)  # noqa: S603
        subprocess.run([*control, "-o", options, "-l", data / "log", "start"], **run)  # noqa: S603
        try:
            yield f"postgresql://counterprompt@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **run)  # noqa: S603
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def _proxy(url: str) -> Iterator[str]:
    port = free_port()
    server = subprocess.Popen([sys.executable, "-W", "ignore", "-c", _PROXY, url, str(port)])  # noqa: S603
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"grpc://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()
