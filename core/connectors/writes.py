"""Every write to a vendor goes past here: what another system owns is refused, and reported."""

from __future__ import annotations

import tomllib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from urllib.parse import parse_qsl

from core.canonical.errors import CoreError, Held
from core.connectors.session import Exchange
from core.governance.audit import Deed, Outcome, Trail
from core.governance.ownership import BadOwnership, Ownership
from core.ports.world import Watch

ANY = "*"


class Fresh(StrEnum):
    """Why nothing stale can be written over a copy.

    version: its version is written with it, and what is older is not written; once: it is made under an
    identity that a second making is refused for, and never changed; constant: at its source it never changes.
    """

    VERSION = "version"
    ONCE = "once"
    CONSTANT = "constant"


COUNTED = "ownership.refused"
# What becomes of a refusal, beside the exception: a line in the audit log.
Told = Callable[[str, str, Held], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Record:
    """paths: segment by segment, "{}" for any; fields: the vendor's top-level names -> names in the table of
    ownership; ANY stands for every other one, and for a body without fields; fresh: of one that holds copies
    of what another system says, else None; version: the name of the field that carries it, "" for none."""

    paths: tuple[tuple[str, ...], ...]
    fields: Mapping[str, str]
    fresh: Fresh | None = None
    version: str = ""

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
        record = self._record(exchange)
        if record is None:
            return [(exchange.path.partition("?")[0], "")]
        names = list(dict.fromkeys(_names(exchange)))
        found = [(name, record.fields.get(name) or record.fields.get(ANY, "")) for name in names]
        return found or [(exchange.operation, record.fields.get(ANY, ""))]

    def lacks_version(self, exchange: Exchange) -> str:
        """The field of the version that a write of copies should carry and does not; else ""."""
        record = self._record(exchange)
        return "" if record is None or record.version in ("", *_names(exchange)) else record.version

    def _record(self, exchange: Exchange) -> Record | None:
        path = tuple(exchange.path.partition("?")[0].split("/"))
        # The first that fits, so that a literal stands before a "{}".
        return next((each for each in self.records if each.answers_to(path)), None)


class Guard:
    """Stands between a connector and the wire. told: hears of each refusal once more, for the audit log."""

    def __init__(self, ownership: Ownership, writes: Writes, watch: Watch, told: Told) -> None:
        self._ownership, self._writes, self._watch, self._told = ownership, writes, watch, told

    async def __call__(self, exchange: Exchange) -> None:
        """Held, before anything is sent, for the first field that the core may not write there."""
        for wire_name, name in self._writes.fields(exchange):
            owned = self._ownership.field(name)
            if owned is None or not owned.may_be_written(self._writes.system):
                await self._refuse(exchange, self._held(exchange, wire_name, name))
        if missing := self._writes.lacks_version(exchange):
            what = f"{exchange.operation} {exchange.key}: {self._writes.vendor} {missing}"
            why = "a copy is written without its version; write it beside the copy, as writes.toml declares"
            await self._refuse(exchange, Held(f"{what}: {why}", owner="integration"))

    async def _refuse(self, exchange: Exchange, held: Held) -> None:
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
            Record(
                tuple(tuple(path.split("/")) for path in each["paths"]),
                dict(each["fields"]),
                Fresh(each["fresh"]) if "fresh" in each else None,
                str(each.get("version", "")),
            )
            for each in plain["record"]
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadOwnership(
            f"{place}: {error!r}: wants system, and each [[record]] paths and fields"
        ) from None
    if system not in ownership.people:
        raise BadOwnership(f"{place}: system: {system!r}: one of {', '.join(ownership.people)}")
    for record in records:
        for wire_name, name in record.fields.items():
            if ownership.field(name) is None:
                raise BadOwnership(f"{place}: {wire_name}: {name!r} is owned by nobody in ownership.toml")
        _check_fresh(record, system, ownership, place)
    return Writes(vendor, system, records)


def _check_fresh(record: Record, system: str, ownership: Ownership, place: str) -> None:
    """BadOwnership for a record with copies that does not say why nothing stale is written over them."""
    owned = [ownership.field(name) for name in record.fields.values()]
    where = f"{place}: {'/'.join(record.paths[0])}"
    copies = any(each is not None and each.record != system and system in each.copies for each in owned)
    if copies and record.fresh is None:
        words = ", ".join(Fresh)
        raise BadOwnership(f"{where}: fresh: missing, though it holds copies; one of {words}")
    if (record.fresh is Fresh.VERSION) is not (record.version in record.fields):
        raise BadOwnership(f"{where}: version: {record.version!r}: wants the name of one of its fields")


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
