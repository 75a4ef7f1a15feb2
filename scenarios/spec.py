"""What exactly is to be played, as a value and as a token that says it all."""

from __future__ import annotations

import base64
import json
import re
import zlib
from dataclasses import dataclass

from scenarios.faults import Fault, Plan, PlanError, calm_plan, none_plan, outage_plan, storm_plan
from scenarios.mapped import unpack_mappings
from scenarios.world.draws import KeyedDraws

_TOKEN = re.compile(
    r"(?P<story>[a-z_]+)/(?P<model>[a-z_]+)/(?P<profile>[^/]+)/c(?P<customers>\d+)m(?P<months>\d+)"
    r"s(?P<seed>\d+)/(?P<faults>[A-Za-z0-9_=-]+)(?:/x(?P<mutant>[a-z0-9_]+))?"
    r"(?:/y(?P<mappings>[A-Za-z0-9_=-]+))?"
)
PRESETS = ("none", "calm", "storm", "outage")


class TokenError(ValueError):
    """A token that says nothing."""


@dataclass(frozen=True, slots=True)
class Spec:
    """One run. faults: a preset's name, a packed plan, or "cut17": no fault but a power cut of the core's
    machine at its 17th durable write, send or receive; mutant: a planted bug, "" for none; mappings:
    versions of mappings in the place of those that come with the core, packed (scenarios/mapped)."""

    story: str
    model: str
    profile: str
    customers: int
    months: int
    seed: int
    faults: str
    mutant: str = ""
    mappings: str = ""

    @property
    def token(self) -> str:
        """All of it in one word."""
        size = f"c{self.customers}m{self.months}s{self.seed}"
        mutant = f"/x{self.mutant}" if self.mutant else ""
        mappings = f"/y{self.mappings}" if self.mappings else ""
        return f"{self.story}/{self.model}/{self.profile}/{size}/{self.faults}{mutant}{mappings}"

    @property
    def days(self) -> int:
        """Length of the run."""
        return round(self.months * 365 / 12)

    @property
    def cut(self) -> int | None:
        """Where the power is cut: 0 nowhere, but points are counted; None if they are not."""
        tail = self.faults.removeprefix("cut")
        return int(tail) if tail != self.faults and tail.isdecimal() else None

    def plan(self) -> Plan:
        """The faults, written out."""
        if self.faults == "none" or self.cut is not None:
            return none_plan()
        if self.faults == "outage":
            return outage_plan()
        if self.faults == "calm":
            return calm_plan(self.days)
        if self.faults == "storm":
            return storm_plan(self.days, KeyedDraws(self.seed))
        return unpack(self.faults)


def read_token(token: str) -> Spec:
    """The run that a token stands for; TokenError if it stands for none."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        example = "year/hybrid/mid_market/c300m12s1/storm"
        raise TokenError(f"token: {token!r} is not of the form of {example}")
    found = match.groupdict()
    spec = Spec(
        found["story"],
        found["model"],
        found["profile"],
        int(found["customers"]),
        int(found["months"]),
        int(found["seed"]),
        found["faults"],
        found["mutant"] or "",
        found["mappings"] or "",
    )
    try:
        spec.plan()
    except (ValueError, TypeError, KeyError, zlib.error) as error:
        raise TokenError(f"token: its faults cannot be read: {error}") from None
    try:
        unpack_mappings(spec.mappings)
    except (ValueError, TypeError, KeyError, zlib.error) as error:
        raise TokenError(f"token: its mappings cannot be read: {error}") from None
    return spec


def pack(plan: Plan) -> str:
    """A plan as a word for a token."""
    return "z" + base64.urlsafe_b64encode(zlib.compress(plan.to_json().encode(), 9)).decode()


def unpack(word: str) -> Plan:
    """The other way round."""
    if not word.startswith("z"):
        raise PlanError(f"faults: {word!r} is not one of {', '.join(PRESETS)} nor a packed plan")
    value = json.loads(zlib.decompress(base64.urlsafe_b64decode(word[1:])))
    faults = []
    for row in value["faults"]:
        wish = dict(row)
        wish["params"] = tuple((k, float(v)) for k, v in wish.get("params", {}).items())
        wish["site"] = tuple(wish.get("site", ()))
        faults.append(Fault(**wish))
    return Plan(value["name"], tuple(faults))
