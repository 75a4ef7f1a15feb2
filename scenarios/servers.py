"""Starts a PostgreSQL or a NATS server of our own on a free port in a temporary folder, and stops it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

# Debian keeps the server's programs off the PATH.
_DEBIAN = "/usr/lib/postgresql"
_PATIENCE_SECONDS = 30.0


class NoServer(RuntimeError):
    """The program is not installed, or did not come up; the message says what to do."""


class Server:
    """A running server. url: where it answers; killed and started again on the same port and data."""

    def __init__(
        self, url: str, command: list[str], log: Path, answers: Callable[[], bool], user: str | None = None
    ) -> None:
        self.url, self._command, self._log, self._answers, self._user = url, command, log, answers, user
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it answers; NoServer with the end of its log if it does not."""
        with self._log.open("ab") as log:
            self._process = _spawn(self._command, log, self._user)
        give_up = time.monotonic() + _PATIENCE_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > give_up:
                tail = self._log.read_text(errors="replace")[-800:]
                self.kill()
                raise NoServer(f"{self._command[0]} did not come up; the end of its log:\n{tail}")
            time.sleep(0.05)

    def kill(self) -> None:
        """As a power cut does: no farewell."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None

    def forget(self) -> None:
        """Remove the log."""
        self._log.unlink(missing_ok=True)


@contextmanager
def postgres() -> Iterator[Server]:
    """A PostgreSQL cluster of our own, reached over loopback as its superuser `tieout`."""
    initdb, server = _program("initdb"), _program("postgres")
    with tempfile.TemporaryDirectory(prefix="tieout-pg-", ignore_cleanup_errors=True) as folder:
        data, port = Path(folder) / "data", _free_port()
        user = None
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root; Debian's package brings this user.
            user = "postgres"
            shutil.chown(folder, user, user)
        made = subprocess.run(
            [initdb, "-D", str(data), "-U", "tieout", "-A", "trust", "-E", "UTF8", "--locale=C"],
            capture_output=True, text=True, check=False, timeout=120, cwd=folder, **_as(user),
        )  # fmt: skip
        if made.returncode:
            raise NoServer(f"initdb: {made.stderr.strip()}")
        command = [
            server, "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", "",
            "-c", "max_connections=200",
        ]  # fmt: skip
        url = f"postgresql://tieout@127.0.0.1:{port}/postgres"
        log = Path(folder).parent / f"{Path(folder).name}.log"
        with _running(Server(url, command, log, lambda: _postgres_answers(port), user)) as running:
            yield running


async def fresh_database(server: Server, name: str) -> str:
    """The address of an empty database of that name on a PostgreSQL server."""
    import asyncpg  # noqa: PLC0415 - only who has such a server needs its library

    connection = await asyncpg.connect(server.url)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    return server.url.rpartition("/")[0] + f"/{name}"


@contextmanager
def nats() -> Iterator[Server]:
    """A NATS server of our own with JetStream on disk."""
    program = _program("nats-server")
    with tempfile.TemporaryDirectory(prefix="tieout-nats-", ignore_cleanup_errors=True) as folder:
        port = _free_port()
        command = [program, "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", folder]
        log = Path(folder).parent / f"{Path(folder).name}.log"
        with _running(Server(f"nats://127.0.0.1:{port}", command, log, lambda: _open(port))) as running:
            yield running


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.kill()
        server.forget()


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        versions = sorted(Path(_DEBIAN).glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
        found = str(versions[-1]) if versions else shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        package = "nats-server" if name == "nats-server" else "postgresql"
        raise NoServer(f"{name} is not installed; on Debian: apt-get install {package}")
    return found


def _spawn(command: list[str], log: IO[bytes], user: str | None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        cwd="/",
        **_as(user),
    )


def _as(user: str | None) -> dict[str, Any]:
    return {} if user is None else {"user": user, "group": user, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _open(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _postgres_answers(port: int) -> bool:
    """It listens before it takes work: the start-up answer tells ("R", or "E" while it starts)."""
    body = b"\x00\x03\x00\x00user\x00tieout\x00database\x00postgres\x00\x00"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall((len(body) + 4).to_bytes(4, "big") + body)
            return connection.recv(1) == b"R"
    except OSError:
        return False
