"""A certificate authority of one's own, so that clients that insist on https can be served."""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from simulators.kit.clock import at

# Names under which clients look for the vendors; one label stands for the star.
HOSTS = (
    *("127.0.0.1", "::1", "localhost", "*.localhost"),
    *("*.salesforce.com", "*.my.salesforce.com", "login.salesforce.com", "test.salesforce.com"),
    *("*.sandbox.my.salesforce.com", "*.develop.my.salesforce.com"),
    *("*.suitetalk.api.netsuite.com", "*.restlets.api.netsuite.com", "*.app.netsuite.com"),
    *("*.avatax.com", "rest.avatax.com", "sandbox-rest.avatax.com"),
    *("api.stripe.com", "files.stripe.com", "*.zuora.com", "*.na.zuora.com", "*.eu.zuora.com"),
)
_FOLDER_VARIABLE = "TIEOUT_CA_DIR"
_DAY, _LIFE, _RENEW = timedelta(days=1), timedelta(days=730), timedelta(days=30)
# What clients have to trust is for all to read (another user, a host outside a container).
_OWN, _FOR_ALL = 0o600, 0o644
_CA, _CA_KEY, _SERVER, _SERVER_KEY = "ca.pem", "ca.key", "server.pem", "server.key"


def ca_folder() -> Path:
    """TIEOUT_CA_DIR, or a folder of this user's for what may be made again."""
    chosen = os.environ.get(_FOLDER_VARIABLE)
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        caches = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        caches = Path.home() / "Library" / "Caches"
    else:
        caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "tieout" / "ca"


def ca_file(folder: Path | None = None) -> Path:
    """The certificate that clients have to trust; it is there once `server_context` has been called."""
    return (folder or ca_folder()) / _CA


def server_context(folder: Path | None, now: int, more_hosts: Sequence[str] = ()) -> ssl.SSLContext:
    """What a server needs to speak TLS under every name of HOSTS and `more_hosts`.

    now: microseconds. Certificates are kept in the folder and made anew shortly before they run out, or
    when a name is missing. A client that trusts the old authority has to be given the new one then.
    """
    place = folder or ca_folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    hosts = tuple(dict.fromkeys((*HOSTS, *more_hosts)))
    moment = at(now)
    ca, ca_key, fresh = _authority(place, moment)
    if fresh or not _serves(place, ca, moment, hosts):
        certificate, key = _signed(ca, ca_key, moment, hosts)
        _write(place / _SERVER_KEY, _pem(key))
        _write(place / _SERVER, certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(place / _SERVER, place / _SERVER_KEY)
    context.set_alpn_protocols(["http/1.1"])
    return context


def _authority(place: Path, now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey, bool]:
    """(certificate, key, whether they are new)."""
    kept, key = _certificate(place / _CA), _key(place / _CA_KEY)
    if kept is not None and key is not None and _good(kept, now) and kept.public_key() == key.public_key():
        return kept, key, False
    key = ec.generate_private_key(ec.SECP256R1())
    # A name of its own a make: two authorities of one name confuse clients that keep both.
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Tieout lab CA {now:%Y-%m-%d}")])
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        _begun(name, name, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(place / _CA_KEY, _pem(key))
    _write(place / _CA, certificate.public_bytes(Encoding.PEM), _FOR_ALL)
    return certificate, key, True


def _signed(
    ca: x509.Certificate, ca_key: ec.EllipticCurvePrivateKey, now: datetime, hosts: Sequence[str]
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tieout mocks")])
    names = x509.SubjectAlternativeName([_general(host) for host in hosts])
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    certificate = (
        _begun(name, ca.subject, key.public_key(), now)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(authority, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    return certificate, key


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + _LIFE)
    )


def _serves(place: Path, ca: x509.Certificate, now: datetime, hosts: Sequence[str]) -> bool:
    """Whether the kept server certificate will do."""
    kept, key = _certificate(place / _SERVER), _key(place / _SERVER_KEY)
    if kept is None or key is None or not _good(kept, now) or kept.public_key() != key.public_key():
        return False
    try:
        kept.verify_directly_issued_by(ca)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it will not do
        return False
    names = kept.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return set(names) >= {_general(host) for host in hosts}


def _good(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc - _RENEW


def _general(host: str) -> x509.GeneralName:
    with suppress(ValueError):
        return x509.IPAddress(ip_address(host))
    return x509.DNSName(host)


def _certificate(path: Path) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        return None


def _key(path: Path) -> ec.EllipticCurvePrivateKey | None:
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError):
        return None
    return key if isinstance(key, ec.EllipticCurvePrivateKey) else None


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, content: bytes, mode: int = _OWN) -> None:
    """Put a file there in one step, readable by its owner only unless `mode` says otherwise."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    beside.replace(path)
