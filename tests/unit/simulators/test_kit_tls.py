"""The lab's own authority: clients that trust it are served, others refuse."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from cryptography import x509
from simple_salesforce import Salesforce

from simulators.kit.clock import DAY
from simulators.kit.httpd import listen_and_answer
from simulators.kit.table import Call, Reply
from simulators.kit.tls import HOSTS, ca_file, ca_folder, server_context

# Certificates are judged by the wall clock of the client.
NOW = time.time_ns() // 1000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ca")


async def answer(call: Call) -> Reply:
    said = {"Id": call.path, "base": call.base_url, "signed": call.headers.get("authorization")}
    return Reply(200, json.dumps(said).encode(), (("content-type", "application/json"),))


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    loop = asyncio.new_event_loop()
    stop, ready = asyncio.Event(), threading.Event()

    async def main() -> None:
        server = await listen_and_answer(answer, sock, server_context(folder, NOW))
        ready.set()
        await stop.wait()
        await server.close(1)

    thread = threading.Thread(target=loop.run_until_complete, args=(main(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    yield sock.getsockname()[1]
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    loop.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_client_that_trusts_the_authority_is_served(folder: Path, port: int, host: str) -> None:
    said = requests.get(f"https://{host}:{port}/a", verify=str(ca_file(folder)), timeout=5).json()
    assert said["base"] == f"https://{host}:{port}"


def test_a_client_that_does_not_is_not(port: int) -> None:
    with (
        pytest.raises(ssl.SSLCertVerificationError),
        socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
    ):
        ssl.create_default_context().wrap_socket(plain, server_hostname="localhost")


@pytest.mark.parametrize(
    "host", ["acme.my.salesforce.com", "login.salesforce.com", "1234.suitetalk.api.netsuite.com",
             "api.stripe.com", "sandbox-rest.avatax.com", "rest.zuora.com"]
)  # fmt: skip
def test_the_vendors_names_are_served(folder: Path, port: int, host: str) -> None:
    context = ssl.create_default_context(cafile=str(ca_file(folder)))
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=host) as wire,
    ):
        wire.sendall(f"GET /x HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        assert wire.recv(100).startswith(b"HTTP/1.1 200 ")


def test_a_foreign_name_is_not(folder: Path, port: int) -> None:
    context = ssl.create_default_context(cafile=str(ca_file(folder)))
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        context.wrap_socket(plain, server_hostname="example.org")


def test_simple_salesforce_talks_to_it(folder: Path, port: int) -> None:
    session = requests.Session()
    session.verify, session.trust_env = str(ca_file(folder)), False
    force = Salesforce(session_id="tok", instance_url=f"https://127.0.0.1:{port}", session=session)
    said = force.Account.get("001")
    assert said["signed"] == "Bearer tok"
    assert said["Id"].endswith("/sobjects/Account/001")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_certificates_are_kept_and_keys_are_private(tmp_path: Path) -> None:
    server_context(tmp_path, NOW)
    first = contents(tmp_path)
    assert set(first) == {"ca.pem", "ca.key", "server.pem", "server.key"}
    for name in first:
        wanted = 0o644 if name == "ca.pem" else 0o600
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == wanted
    server_context(tmp_path, NOW + 600 * DAY)
    assert contents(tmp_path) == first


def test_they_are_renewed_when_they_run_out(tmp_path: Path) -> None:
    server_context(tmp_path, NOW)
    first = contents(tmp_path)
    server_context(tmp_path, NOW + 705 * DAY)
    second = contents(tmp_path)
    assert all(first[name] != second[name] for name in first)


def test_a_new_name_needs_a_new_server_certificate_only(tmp_path: Path) -> None:
    server_context(tmp_path, NOW)
    first = contents(tmp_path)
    server_context(tmp_path, NOW, ["mocks.test", "10.0.0.7"])
    second = contents(tmp_path)
    assert first["ca.pem"] == second["ca.pem"]
    certificate = x509.load_pem_x509_certificate(second["server.pem"])
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "mocks.test" in names.get_values_for_type(x509.DNSName)
    assert len(list(names)) == len(HOSTS) + 2
    # Who needs fewer names is content with more.
    server_context(tmp_path, NOW)
    assert contents(tmp_path) == second


@pytest.mark.parametrize("name", ["ca.pem", "ca.key", "server.pem", "server.key"])
def test_what_is_spoilt_is_made_again(tmp_path: Path, name: str) -> None:
    server_context(tmp_path, NOW)
    (tmp_path / name).write_bytes(b"spoilt")
    server_context(tmp_path, NOW)
    ssl.create_default_context(cafile=str(ca_file(tmp_path)))


def test_the_folder_may_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIEOUT_CA_DIR", str(tmp_path))
    assert ca_file() == tmp_path / "ca.pem"
    monkeypatch.delenv("TIEOUT_CA_DIR")
    assert ca_folder().name == "ca"
