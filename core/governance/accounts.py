"""Service accounts: their secrets, of which two hold for a while when one is changed, and their scopes."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from core.governance.scopes import SCOPES

# https://www.rfc-editor.org/rfc/rfc6749#section-10.10: what can be guessed must not be given out.
_SECRET_LEAST, _SECRETS_MOST = 24, 2
_NAME = re.compile(r"[a-z][a-z0-9-]{1,62}\Z")
OPERATOR = "operator"


class BadAccount(ValueError):
    """An account that cannot be: account, field and remedy, never the secret."""


@dataclass(frozen=True, slots=True)
class Secret:
    """until: microseconds up to which it holds, None for no end."""

    value: str = field(repr=False)
    until: int | None = None

    def holds(self, now: int) -> bool:
        """Whether its end has not come. now: microseconds."""
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True)
class Account:
    """Someone who is no person. secrets: the one in use and, while it is being changed, the one before."""

    name: str
    scopes: frozenset[str]
    secrets: tuple[Secret, ...] = field(repr=False)


class Accounts:
    """All accounts of a deployment."""

    def __init__(self, accounts: Sequence[Account] = ()) -> None:
        self._by_name = {account.name: account for account in accounts}
        if len(self._by_name) < len(accounts):
            raise BadAccount("accounts: two have the same name")

    def get(self, name: str) -> Account | None:
        """Whoever has this name now."""
        return self._by_name.get(name)

    def signed_in(self, name: str, secret: str, now: int) -> Account | None:
        """The account, if the secret is one of its own and holds. It takes as long whether the name is
        unknown, the first secret is right, or none is."""
        account = self._by_name.get(name)
        own = account.secrets if account else ()
        given, right = _digest(secret), False
        for place in range(_SECRETS_MOST):
            mine = own[place] if place < len(own) else None
            same = hmac.compare_digest(given, _digest(mine.value if mine else ""))
            holds = mine is not None and mine.holds(now)
            right |= same and holds
        return account if right else None


def read_account(plain: Mapping[str, Any]) -> Account:
    """{"name", "scopes": […], "secrets": [{"value", "until": ISO 8601 with zone, or absent}]}; BadAccount."""
    name = str(plain.get("name", ""))
    if not _NAME.match(name) or name == OPERATOR:
        raise BadAccount(f"accounts: name: {name!r}: 2 to 63 of a-z, 0-9 and -, and not {OPERATOR!r}")
    if strange := sorted(set(plain) - {"name", "scopes", "secrets"}):
        raise BadAccount(f"accounts: {name}: unknown: {', '.join(strange)}")
    scopes = frozenset(map(str, plain.get("scopes", ())))
    if unknown := sorted(scopes - SCOPES):
        raise BadAccount(
            f"accounts: {name}: scopes: {', '.join(unknown)}: there are {', '.join(sorted(SCOPES))}"
        )
    secrets = tuple(read_secret(f"accounts: {name}", each) for each in plain.get("secrets", ()))
    if not 1 <= len(secrets) <= _SECRETS_MOST:
        raise BadAccount(f"accounts: {name}: secrets: {len(secrets)}; one, or two while it is being changed")
    if len(secrets) == _SECRETS_MOST and all(secret.until is None for secret in secrets):
        raise BadAccount(f"accounts: {name}: secrets: of two, one needs an end: until")
    return Account(name, scopes, secrets)


def written(account: Account) -> dict[str, Any]:
    """What `read_account` reads; with the secrets."""
    secrets = [written_secret(secret) for secret in account.secrets]
    return {"name": account.name, "scopes": sorted(account.scopes), "secrets": secrets}


def written_secret(secret: Secret) -> dict[str, str]:
    """What `read_secret` reads."""
    return {"value": secret.value} | ({} if secret.until is None else {"until": _iso(secret.until)})


def read_secret(where: str, plain: Mapping[str, Any], least: int = _SECRET_LEAST) -> Secret:
    """{"value", "until": ISO 8601 with zone, or absent}; BadAccount names where, never the secret. least:
    characters; fewer can be guessed."""
    value = str(plain.get("value", ""))
    if len(value) < least:
        raise BadAccount(f"{where}: a secret has {len(value)} characters; {least} at least")
    if "until" not in plain:
        return Secret(value)
    try:
        moment = datetime.fromisoformat(str(plain["until"]))
    except ValueError:
        raise BadAccount(f"{where}: until: {plain['until']!r} is no ISO 8601 moment") from None
    if moment.tzinfo is None:
        raise BadAccount(f"{where}: until: {plain['until']!r} has no zone; Z is UTC")
    return Secret(value, round((moment - _EPOCH).total_seconds()) * 1_000_000)


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _iso(moment: int) -> str:
    return datetime.fromtimestamp(moment // 1_000_000, tz=_EPOCH.tzinfo).isoformat()


def _digest(secret: str) -> bytes:
    # Of equal length whatever was given, so that comparing tells nothing about that either.
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
