"""Who may come in, as a deployment's file says it: services, people, their programs, and the signing keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.governance.accounts import Account, Accounts, BadAccount, Secret, read_account, read_secret
from core.governance.people import Client, People, Person, read_client, read_person, safe_address


@dataclass(frozen=True, slots=True)
class Entrants:
    """issuer: the public address of the API, without a slash at its end; "" where no person signs in."""

    accounts: tuple[Account, ...] = ()
    people: tuple[Person, ...] = ()
    clients: tuple[Client, ...] = ()
    issuer: str = ""
    signing: tuple[Secret, ...] = field(default=(), repr=False)


def read_access(plain: Mapping[str, Any]) -> Entrants:
    """Out of `accounts`, `people`, `clients`, `issuer` and `signing`; BadAccount names what cannot be."""
    accounts = tuple(read_account(each) for each in plain.get("accounts", ()))
    people = tuple(read_person(each) for each in plain.get("people", ()))
    clients = tuple(read_client(each) for each in plain.get("clients", ()))
    signing = tuple(read_secret("signing", each) for each in plain.get("signing", ()))
    issuer = str(plain.get("issuer", ""))
    Accounts(accounts)
    People(people, clients)
    if both := {a.name for a in accounts} & {p.name for p in people}:
        raise BadAccount(f"people: {', '.join(sorted(both))}: a service account has that name")
    if people and (not safe_address(issuer) or "?" in issuer or issuer.endswith("/")):
        raise BadAccount(
            f"issuer: {issuer!r}: where people sign in: https, or http of loopback, no / at its end"
        )
    if people and not clients:
        raise BadAccount("clients: none; people sign in with a program that is named there")
    if len(signing) > 2 or (signing and signing[0].until is not None):
        raise BadAccount("signing: one key, or two while it is changed: the new one first, without an end")
    return Entrants(accounts, people, clients, issuer, signing)
