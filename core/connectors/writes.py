"""Every write to a vendor goes past here: what another system owns is refused, and reported."""

from __future__ import annotations

import tomllib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import parse_qsl

from core.canonical.errors import CoreError, Held
from core.connectors.session import Exchange
from core.governance.audit import Deed, Outcome, Trail
from core.governance.ownership import BadOwnership, Ownership
from core.ports.world import Watch

ANY = "*"
COUNTED = "ownership.refused"
# What becomes of a refusal, beside the exception: a line in the audit log.
Told = Callable[[str, str, Held], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Record:
    """paths: segment by segment, "{}" for any; fields: the vendor's top-level names -> names in the table of
    ownership; ANY stands for every other one, and for a body without fields."""

    paths: tuple[tuple[str, ...], ...]
    fields: Mapping[str, str]

    def answers_to(self, path: tuple[str, ...]) -> bool:
        """Whether it is written there."""
        return any(
            len(own) == len(path) and all(a in ("{}", b) for a, b in zip(own, path, strict=True))
            for own in self.paths
        )


@dataclass(frozen=True, slots=True)
class Writes:
    """What the core writes at one vendor. system: the vendor's place in the table of ownership."""

    vendor: str
    system: str
    records: tuple[Record, ...]

    def fields(self, exchange: Exchange) -> list[tuple[str, str]]:
        """(vendor's name, name in the table, "" if it is not declared) of all that a write sets."""
        path = tuple(exchange.path.partition("?")[0].split("/"))
        # The first that fits, so that a literal stands before a "{}".
        record = next((each for each in self.records if each.answers_to(path)), None)
        if record is None:
            return [(exchange.path.partition("?")[0], "")]
        names = list(dict.fromkeys(_names(exchange)))
        found = [(name, record.fields.get(name) or record.fields.get(ANY, "")) for name in names]
        return found or [(exchange.operation, record.fields.get(ANY, ""))]


class Guard:
    """Stands between a connector and the wire. told: hears of each refusal once more, for the audit log."""

    def __init__(self, ownership: Ownership, writes: Writes, watch: Watch, told: Told) -> None:
        self._ownership, self._writes, self._watch, self._told = ownership, writes, watch, told

    async def __call__(self, exchange: Exchange) -> None:
        """Held, before anything is sent, for the first field that the core may not write there."""
        for wire_name, name in self._writes.fields(exchange):
            owned = self._ownership.field(name)
            if owned is None or not owned.may_be_written(self._writes.system):
                held = self._held(exchange, wire_name, name)
                self._watch.count(f"{COUNTED}.{self._writes.system}")
                self._watch.alert("high", exchange.key, f"{held.detail} [ask: {held.owner}]")
                await self._told(self._writes.vendor, f"{exchange.operation} {exchange.key}", held)
                raise held

    def _held(self, exchange: Exchange, wire_name: str, name: str) -> Held:
        owned, owner, system = self._ownership.field(name), self._ownership.owner(name), self._writes.system
        field = f"{self._writes.vendor} {wire_name}{_value(exchange, wire_name)}"
        what = f"{exchange.operation} {exchange.key}: {field}"
        if owned is None:
            why = "nobody has declared who owns it; declare it in writes.toml and ownership.toml"
        elif owned.record == system:
            why = f"{name} is owned by {owned.record}, whose own people and rules set it; change it there"
        else:
            why = f"{name} is owned by {owned.record} and not shown in {system}; declare a copy, or leave it"
        return Held(f"{what}: {why}", owner=owner)


def _value(exchange: Exchange, name: str) -> str:
    body = exchange.json
    if isinstance(body, Mapping) and name in body:
        text = repr(body[name])
        return f" = {text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}"
    return ""


_SHOWN = 60


def _names(exchange: Exchange) -> Iterable[str]:
    if isinstance(exchange.json, Mapping):
        return exchange.json
    if exchange.form is not None:
        pairs = parse_qsl(exchange.form.decode(), keep_blank_values=True)
        return [name.partition("[")[0] for name, _ in pairs]
    return ()


def read(text: str, vendor: str, ownership: Ownership) -> Writes:
    """A connector's writes.toml; BadOwnership for a field that the table of ownership does not know."""
    place = f"{vendor}/writes.toml"
    try:
        plain = tomllib.loads(text)
        system = str(plain["system"])
        records = tuple(
            Record(tuple(tuple(path.split("/")) for path in each["paths"]), dict(each["fields"]))
            for each in plain["record"]
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise BadOwnership(
            f"{place}: {error!r}: wants system, and each [[record]] paths and fields"
        ) from None
    if system not in ownership.people:
        raise BadOwnership(f"{place}: system: {system!r}: one of {', '.join(ownership.people)}")
    for record in records:
        for wire_name, name in record.fields.items():
            if ownership.field(name) is None:
                raise BadOwnership(f"{place}: {wire_name}: {name!r} is owned by nobody in ownership.toml")
    return Writes(vendor, system, records)


@cache
def of_vendor(vendor: str) -> str:
    """The text of the connector's own writes.toml."""
    return (files(f"core.connectors.{vendor}") / "writes.toml").read_text("utf-8")


def guard(vendor: str, ownership: Ownership, watch: Watch, told: Told) -> Guard:
    """What stands before a vendor's wire; BadOwnership where its connector writes what nobody declared."""
    return Guard(ownership, read(of_vendor(vendor), vendor, ownership), watch, told)


def tells(trail: Trail | None, watch: Watch) -> Told:
    """Writes a refusal into the audit log; it stays a refusal where that cannot be done."""

    async def told(vendor: str, act: str, held: Held) -> None:
        if trail is None:
            return
        deed = Deed("core", "ownership", f"write:{vendor}", act, Outcome.REFUSED, held.detail)
        try:
            await trail.write(deed)
        except CoreError:
            watch.alert("high", act, "a refusal could not be written into the audit log")

    return told
