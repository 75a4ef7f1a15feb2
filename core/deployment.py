"""What a process of a deployment has to know, in one file that only its owner may read."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from core.assemble import MODELS, Endpoints
from core.connectors.avatax.client import AvaTaxEndpoint
from core.connectors.netsuite.api import NetSuiteEndpoint
from core.connectors.salesforce.api import SalesforceEndpoint
from core.connectors.stripe.api import StripeEndpoint
from core.connectors.zuora.api import ZuoraEndpoint
from core.environment import BadEnvironment, overlaid
from core.governance.access import read_access
from core.governance.accounts import Account, BadAccount, Secret, read_secret, written, written_secret
from core.governance.masking import Mask
from core.governance.people import Client, Person
from core.mappings.document import BadMapping
from core.mappings.history import BadRegistry
from core.mappings.registry import Registry
from core.mappings.shipped import SHIPPED, Mappings
from core.mappings.standing import Environment
from core.settings import Settings

_ENDPOINTS: dict[str, type[Any]] = {
    "salesforce": SalesforceEndpoint,
    "zuora": ZuoraEndpoint,
    "avatax": AvaTaxEndpoint,
    "stripe": StripeEndpoint,
    "netsuite": NetSuiteEndpoint,
}


_TEXTS = ("model", "store", "token", "bus", "traces", "registry", "environment", "otlp")


class BadDeployment(ValueError):
    """The file cannot be used; the text names the field, the value where it is no secret, and the remedy."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """model: how the systems are linked; store: sqlite:PATH or postgresql://…; bus: memory: or
    nats://HOST:PORT/NAME; token: of the operators; poll_seconds and lease_seconds: how workers share;
    accounts: of services that use the API (in the file: name, scopes, one or two secrets, each with an end or
    without); people, clients, issuer: who signs in by name, with which programs, and the public address where
    they do; signing: of the keys that sign tokens, the new one first. There is none unless it is written
    there; traces: a folder where each process writes its spans, "" for none; otlp: the address of a collector
    that they are sent to, "" for none;
    registry, environment: the folder of the mappings, and whose live versions this deployment runs on;
    without them it runs on those that come with the core."""

    model: str
    endpoints: Endpoints = field(repr=False)
    store: str = field(repr=False)
    token: str = field(repr=False)
    bus: str = "memory:"
    settings: Settings = field(default_factory=Settings)
    poll_seconds: float = 0.2
    lease_seconds: float = 60.0
    accounts: tuple[Account, ...] = ()
    people: tuple[Person, ...] = ()
    clients: tuple[Client, ...] = ()
    issuer: str = ""
    signing: tuple[Secret, ...] = ()
    traces: str = ""
    registry: str = ""
    environment: str = ""
    otlp: str = ""

    def maps(self) -> Mappings:
        """What is live now in its environment; BadDeployment if the registry cannot be used."""
        return live_maps(self.registry, self.environment)

    def mask(self) -> Mask:
        """Takes every secret of this deployment out of a text."""
        ends = (self.endpoints.netsuite.private_key_pem, self.endpoints.salesforce.client_secret)
        keys = (self.endpoints.zuora.client_secret, self.endpoints.avatax.licence_key)
        accounts = (secret.value for account in self.accounts for secret in account.secrets)
        former = (secret.value for secret in self.endpoints.former_secrets.values())
        hooks = (*self.endpoints.secrets.values(), *former)
        own = (self.token, urlsplit(self.store).password or "", self.endpoints.stripe.secret_key)
        people = (person.password for person in self.people)
        signing = (secret.value for secret in self.signing)
        return Mask((*ends, *keys, *hooks, *accounts, *own, *people, *signing))

    def _webhook_secrets(self) -> dict[str, Any]:
        """A word, or in the overlap of a change two: the new one and the one before with its end."""
        former = self.endpoints.former_secrets
        return {
            name: [{"value": value}, written_secret(former[name])] if name in former else value
            for name, value in self.endpoints.secrets.items()
        }

    def write(self, path: Path) -> None:
        """Whole or not at all, for this user only."""
        plain = {
            **{name: getattr(self, name) for name in _TEXTS},
            "poll_seconds": self.poll_seconds,
            "lease_seconds": self.lease_seconds,
            "accounts": [written(account) for account in self.accounts],
            "people": [asdict(person) | {"scopes": sorted(person.scopes)} for person in self.people],
            "clients": [asdict(client) for client in self.clients],
            "issuer": self.issuer,
            "signing": [written_secret(secret) for secret in self.signing],
            "settings": self.settings.model_dump(mode="json", exclude_unset=True),
            "secrets": self._webhook_secrets(),
            "endpoints": {name: asdict(getattr(self.endpoints, name)) for name in _ENDPOINTS},
        }
        part = path.with_suffix(".part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(plain, file)
        part.replace(path)


def read_deployment(path: Path, environment: Mapping[str, str] | None = None) -> Deployment:
    """What `Deployment.write` wrote, and what the environment says otherwise (core.environment);
    BadDeployment if it is not one, or if others may read it."""
    try:
        if path.stat().st_mode & 0o077:
            raise BadDeployment(f"{path}: others may read it, and it holds secrets; chmod 600 it")
        plain = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise BadDeployment(f"{path}: {error}") from None
    if not isinstance(plain, dict):
        raise BadDeployment(f"{path}: an object is needed")
    known = {each.name for each in fields(Deployment)} | {"secrets"}
    if strange := sorted(set(plain) - known):
        raise BadDeployment(f"{path}: unknown: {', '.join(strange)}; there are: {', '.join(sorted(known))}")
    try:
        plain = overlaid(plain, environment or {})
    except BadEnvironment as error:
        raise BadDeployment(str(error)) from None
    return _build(path, plain)


def _build(path: Path, plain: dict[str, Any]) -> Deployment:
    try:
        made = {name: kind(**plain["endpoints"][name]) for name, kind in _ENDPOINTS.items()}
        endpoints = Endpoints(**made, **_read_secrets(plain["secrets"]))
        settings = Settings(**plain.get("settings", {}))
        model = plain["model"]
        if model not in MODELS:
            raise BadDeployment(f"{path}: model: {model!r} is not one of {', '.join(MODELS)}")
        if not plain["token"]:
            raise BadDeployment(f"{path}: token: must not be empty")
        _check_environment(path, plain.get("registry", ""), plain.get("environment", ""))
        access = read_access(plain)
        return Deployment(
            model,
            endpoints,
            plain["store"],
            plain["token"],
            plain.get("bus", "memory:"),
            settings,
            float(plain.get("poll_seconds", 0.2)),
            float(plain.get("lease_seconds", 60.0)),
            access.accounts,
            access.people,
            access.clients,
            access.issuer,
            access.signing,
            plain.get("traces", ""),
            plain.get("registry", ""),
            plain.get("environment", ""),
            plain.get("otlp", ""),
        )
    except KeyError as error:
        raise BadDeployment(f"{path}: {error.args[0]}: missing") from None
    except (TypeError, AttributeError, ValidationError, BadAccount) as error:
        raise BadDeployment(f"{path}: {error}") from None


def live_maps(registry: str, environment: str) -> Mappings:
    """What is live in an environment of a registry, those that come with the core without one; BadDeployment
    if the registry cannot be used."""
    if not registry:
        return SHIPPED
    try:
        return Registry(Path(registry), lambda: 0).live(Environment(environment))
    except (BadRegistry, BadMapping, OSError) as error:
        raise BadDeployment(f"registry: {error}") from None


def _check_environment(path: Path, registry: str, environment: str) -> None:
    if bool(registry) != bool(environment):
        raise BadDeployment(f"{path}: registry and environment: give both, or neither")
    if environment and environment not in tuple(Environment):
        raise BadDeployment(f"{path}: environment: {environment!r} is not one of {', '.join(Environment)}")


def _read_secrets(plain: dict[str, Any]) -> dict[str, Any]:
    """By vendor: a word, or [{"value"}, {"value", "until": ISO 8601}], the new one first."""
    secrets, former = {}, {}
    for name, given in plain.items():
        if isinstance(given, str):
            secrets[name] = given
            continue
        pair = [read_secret(f"secrets: {name}", each, least=1) for each in given]
        if len(pair) != 2 or pair[0].until is not None or pair[1].until is None:
            raise BadAccount(
                f"secrets: {name}: a word, or two: the new one, and the one before with its until"
            )
        secrets[name], former[name] = pair[0].value, pair[1]
    return {"secrets": secrets, "former_secrets": former}
