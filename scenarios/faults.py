"""What can go wrong, as values: the catalogue of faults, and plans that can be replayed and shrunk."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

SYSTEMS = ("salesforce", "zuora", "avatax", "stripe", "netsuite")
SENDERS = ("salesforce", "zuora", "stripe", "product", "bank")


@dataclass(frozen=True, slots=True)
class Kind:
    """One fault of the catalogue. where: "call" (core to vendor), "webhook" (vendor to core) or
    "moment" (happens at a time). params: name -> (default, lowest, highest)."""

    id: str
    title: str
    point: str
    where: str
    systems: tuple[str, ...]
    params: dict[str, tuple[float, float, float]] = field(default_factory=dict)


CATALOGUE: dict[str, Kind] = {
    kind.id: kind
    for kind in (
        Kind("F01", "response lost after commit", "s2", "call", SYSTEMS),
        Kind("F02", "request refused or lost before commit", "c1", "call", SYSTEMS),
        Kind("F03", "zombie: applied after the client gave up", "s4", "call", SYSTEMS,
             {"late_seconds": (90, 1, 86_400)}),
        Kind("F06", "status 200 with an error in the body", "s3", "call", ("zuora", "salesforce")),
        Kind("F13", "webhook delivered twice, one after the other", "w", "webhook", SENDERS),
        Kind("F14", "webhook delivered three times at once", "w", "webhook", SENDERS),
        Kind("F15", "webhook late, overtaken by others", "w", "webhook", SENDERS,
             {"late_seconds": (240, 1, 290)}),
        Kind("F16", "webhook lost for good", "w", "webhook", SENDERS),
        Kind("F17", "webhook before the API response", "w", "call", ("stripe", "zuora"),
             {"late_seconds": (8, 1, 25)}),
        Kind("F22", "inbound endpoint down, then a burst of everything missed", "w", "moment", SENDERS,
             {"hours": (6, 0.1, 72)}),
        Kind("F23", "core crashes between side effect and record", "p", "call", SYSTEMS,
             {"down_seconds": (120, 1, 86_400)}),
        Kind("F25", "core crashes between record and acknowledgement", "p", "webhook", SENDERS,
             {"down_seconds": (120, 1, 86_400)}),
        Kind("F35", "reads lag behind writes", "e", "moment", ("stripe", "zuora"),
             {"hours": (24, 0.1, 720), "lag_seconds": (30, 1, 3600)}),
        Kind("F37", "batch job run twice", "f", "moment", ("core",)),
        Kind("F39", "throttled (429 or the vendor's own)", "r", "call", SYSTEMS),
        Kind("F42", "access token dies in mid-flow", "a", "call", ("salesforce", "zuora", "netsuite")),
        Kind("F50", "accounting period closed early", "l", "moment", ("netsuite",)),
    )
}  # fmt: skip


class PlanError(ValueError):
    """A plan or profile that cannot be used: says field, value and what is allowed."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One entry of a plan.

    id: of the catalogue; system and operation: "*" is any; rate: share of matching calls or deliveries;
    from_day, until_day: window in days of the run; site: exactly one call or delivery
    ("system", "operation", "key", "attempt"), then rate does not count; params: see the catalogue.
    """

    id: str
    system: str = "*"
    operation: str = "*"
    rate: float = 1.0
    from_day: float = 0.0
    until_day: float = 1e9
    site: tuple[str, ...] = ()
    params: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        kind = CATALOGUE.get(self.id)
        if kind is None:
            raise PlanError(f"id: {self.id!r} is not a known fault; one of {', '.join(CATALOGUE)}")
        if self.system != "*" and self.system not in kind.systems:
            raise PlanError(
                f"system: {self.system!r} cannot have {self.id}; one of *, {', '.join(kind.systems)}"
            )
        if not 0 < self.rate <= 1:
            raise PlanError(f"rate: {self.rate} must be above 0 and at most 1")
        if self.from_day < 0 or self.until_day <= self.from_day:
            raise PlanError(f"from_day, until_day: {self.from_day} to {self.until_day} is no window")
        if self.site and len(self.site) != 4:
            raise PlanError(f"site: {self.site} must be system, operation, key and attempt")
        for name, value in self.params:
            if name not in kind.params:
                raise PlanError(
                    f"params: {self.id} has no {name!r}; it has {', '.join(kind.params) or 'none'}"
                )
            _, low, high = kind.params[name]
            if not low <= value <= high:
                raise PlanError(f"params.{name}: {value} must lie in {low} to {high}")

    def param(self, name: str) -> float:
        """The parameter's value, the catalogue's default where the plan says nothing."""
        return dict(self.params).get(name, CATALOGUE[self.id].params[name][0])


@dataclass(frozen=True, slots=True)
class Plan:
    """An ordered list of faults with a name."""

    name: str
    faults: tuple[Fault, ...]

    def to_json(self) -> str:
        """As a plan file."""
        rows = []
        for fault in self.faults:
            row = {k: v for k, v in asdict(fault).items() if v != getattr(Fault(fault.id), k)}
            rows.append({"id": fault.id, **row, **({"params": dict(fault.params)} if fault.params else {})})
        return json.dumps({"name": self.name, "faults": rows}, indent=1)


_FIELDS = {"id", "system", "operation", "rate", "from_day", "until_day", "site", "params"}


def read_plan(path: Path) -> Plan:
    """A plan file; PlanError says file, line, field, value and what is allowed."""
    try:
        text = path.read_text()
        value = json.loads(text)
    except OSError as error:
        raise PlanError(f"{path}: {error.strerror}") from error
    except json.JSONDecodeError as error:
        raise PlanError(f"{path}:{error.lineno}: {error.msg}") from error
    rows = value.get("faults") if isinstance(value, dict) else None
    if not isinstance(rows, list):
        raise PlanError(f'{path}:1: a plan is {{"name": …, "faults": […]}}')
    faults = tuple(_read_fault(path, text, i, row) for i, row in enumerate(rows))
    return Plan(str(value.get("name", path.stem)), faults)


def _read_fault(path: Path, text: str, index: int, row: Any) -> Fault:
    where = f"{path}:{_line_of(text, index)}: faults[{index}]"
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise PlanError(f'{where}.id: each fault is an object with an "id"')
    unknown = sorted(set(row) - _FIELDS)
    if unknown:
        raise PlanError(f"{where}.{unknown[0]}: unknown field; allowed: {', '.join(sorted(_FIELDS))}")
    wish = dict(row)
    for name in ("rate", "from_day", "until_day"):
        if name in wish and not isinstance(wish[name], (int, float)):
            raise PlanError(f"{where}.{name}: {wish[name]!r} must be a number")
    params, site = wish.get("params", {}), wish.get("site", [])
    if not isinstance(params, dict) or not all(isinstance(v, (int, float)) for v in params.values()):
        raise PlanError(f"{where}.params: {params!r} must be an object of numbers")
    if not isinstance(site, list):
        raise PlanError(f"{where}.site: {site!r} must be a list of system, operation, key, attempt")
    wish["params"] = tuple((k, float(v)) for k, v in params.items())
    wish["site"] = tuple(str(part) for part in site)
    try:
        return Fault(**wish)
    except PlanError as error:
        raise PlanError(f"{where}.{error}") from None


def _line_of(text: str, index: int) -> int:
    """The line on which the index-th fault begins."""
    decoder = json.JSONDecoder()
    begin = at = text.index("[", text.index('"faults"')) + 1
    for _ in range(index + 1):
        begin = at + len(text[at:]) - len(text[at:].lstrip(" \t\r\n,"))
        _, at = decoder.raw_decode(text, begin)
    return text.count("\n", 0, begin) + 1


# Webhook rates as healthy senders show them; the API rates are ours.
_CALM = (
    Fault("F01", rate=0.001),
    Fault("F02", rate=0.002),
    Fault("F03", rate=0.0003),
    Fault("F06", rate=0.0005),
    Fault("F13", rate=0.01),
    Fault("F14", rate=0.002),
    Fault("F15", rate=0.03),
    Fault("F16", rate=0.001),
    Fault("F17", rate=0.005),
    Fault("F23", rate=0.00005),
    Fault("F25", rate=0.00005),
    Fault("F39", rate=0.002),
    Fault("F42", rate=0.0003),
)


def none_plan() -> Plan:
    """Nothing goes wrong."""
    return Plan("none", ())


def calm_plan(days: int) -> Plan:
    """An ordinary year: the rates of healthy vendors, an outage now and then."""
    moments = [
        Fault("F22", from_day=day, until_day=day + 1, params=(("hours", 3.0),)) for day in range(20, days, 90)
    ]
    moments += [Fault("F35", from_day=day, until_day=day + 1) for day in range(10, days, 60)]
    moments += [Fault("F37", from_day=day, until_day=day + 1) for day in range(15, days, 45)]
    return Plan("calm", (*_CALM, *moments))


def outage_plan() -> Plan:
    """What storms of retries are made of: nobody can be reached for half a day, then everybody says "too
    many", then for days some answers are late or lost and many are "too many" still."""
    return Plan(
        "outage",
        (
            Fault("F02", from_day=12, until_day=12.5),
            Fault("F39", from_day=12.5, until_day=12.75),
            Fault("F39", rate=0.2, from_day=12.75, until_day=16),
            Fault("F03", rate=0.05, from_day=12.75, until_day=16),
            Fault("F01", rate=0.05, from_day=12.75, until_day=16),
        ),
    )


def storm_plan(days: int, draws: Any) -> Plan:
    """Swarm: per seed some kinds are off entirely, others come in bursts (see faults.md, tiers)."""
    faults: list[Fault] = []
    for kind in CATALOGUE.values():
        if draws.uniform("storm", "enabled", kind.id) < 0.3:
            continue
        if kind.where == "moment":
            faults += _moments(kind, days, draws)
        else:
            faults += _bursts(kind, days, draws)
    return Plan("storm", tuple(faults))


_INTENSITY = {"rare": 0.01, "common": 0.05, "storm": 0.3}


def _bursts(kind: Kind, days: int, draws: Any) -> list[Fault]:
    level = draws.weighted({"rare": 0.4, "common": 0.4, "storm": 0.2}, "storm", "level", kind.id)
    rate = _INTENSITY[level]
    if kind.id in ("F23", "F25"):
        rate /= 20  # a crash stops everything: storms of them are still rarer than lost packets
    if kind.id == "F16":
        rate /= 4
    steady = Fault(kind.id, rate=rate / 5)
    bursts = []
    for i in range(1 + days // 60):
        start = round(draws.uniform("storm", "burst", kind.id, i) * days, 3)
        length = round(0.1 + 2 * draws.uniform("storm", "length", kind.id, i), 3)
        bursts.append(replace(steady, rate=rate, from_day=start, until_day=start + length))
    return [steady, *bursts]


def _moments(kind: Kind, days: int, draws: Any) -> list[Fault]:
    found = []
    for i in range(1 + days // 45):
        day = round(draws.uniform("storm", "moment", kind.id, i) * days, 3)
        params: tuple[tuple[str, float], ...] = ()
        if kind.id == "F22":
            params = (("hours", round(0.5 + 40 * draws.uniform("storm", "hours", i), 2)),)
        found.append(Fault(kind.id, from_day=day, until_day=day + 1, params=params))
    return found
