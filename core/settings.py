"""Every number a deployment may change, with its unit; TOML file and environment come in at the edge."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from core.announcing.addresses import Reach
from core.finance.cash.dunning import BySegment, Collecting
from core.finance.exact import Rounding
from core.finance.ledger.conventions import USUAL, BookPolicy
from core.finance.ledger.dimensions import Carried, Classification
from core.finance.ledger.entities import LegalEntity, Routing, SetOff
from core.finance.revenue.policy import AS_DELIVERED, RevenuePolicy
from core.governance.duties import Duties, HoldAndRelease


class Controls(BaseModel):
    """Reliability controls that can be switched off, to see what they are worth."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reconciliation: bool = True
    # Writes to what another system owns are refused.
    ownership: bool = True
    # Each night the durable models look where a system shows what its owner does not say.
    conflicts: bool = True


class Entity(BaseModel):
    """A legal entity of the company; name: as the ledger system calls the subsidiary."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(min_length=1)
    name: str = Field(min_length=1)
    currency: str = Field(min_length=3, max_length=3)
    country: str = Field(min_length=2, max_length=2)
    zone: str = "UTC"


class LegalEntities(BaseModel):
    """Whose books a customer goes into: by the account's own field, else by country; cashiers: who takes
    a currency in. Without entities there is one set of books."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entities: tuple[Entity, ...] = ()
    countries: dict[str, str] = {}
    otherwise: str = ""
    cashiers: dict[str, str] = {}
    # In hundredths, of what an entity takes in for another; and who holds what the group takes out.
    collection_fee_percent: Decimal = Field(default=Decimal(0), ge=0, le=100)
    eliminations: str = ""
    collection_fee_rounding: Rounding = Rounding.HALF_UP
    set_off: SetOff = SetOff.OPPOSING

    def routing(self) -> Routing:
        """As a value of the core."""
        known = tuple(LegalEntity(e.key, e.name, e.currency, e.country, e.zone) for e in self.entities)
        fee = Fraction(self.collection_fee_percent) / 100
        tables = dict(self.countries), self.otherwise, dict(self.cashiers)
        rules = fee, self.collection_fee_rounding, self.set_off
        return Routing(known, *tables, *rules, self.eliminations)


class Collections(BaseModel):
    """How overdue invoices of a segment of customers are collected. retry_gaps: days from each try of a card
    to the next; write_off_days: after it was due, by how the customer pays ("card" or "invoice")."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    retry_gaps: tuple[Annotated[int, Field(ge=1)], ...] = (1, 3, 5, 7)
    write_off_days: dict[str, int] = {}


class Dimensions(BaseModel):
    """What lines in the ledger carry, beside their entity: departments that earn by product, otherwise for
    the other products, overhead for what no product earns. Carrying nothing classifies nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    carries: frozenset[Carried] = frozenset()
    departments: dict[str, str] = {}
    otherwise: str = ""
    overhead: str = ""

    def classification(self) -> Classification:
        """As a value of the core."""
        return Classification(self.carries, dict(self.departments), self.otherwise, self.overhead)


class Separation(BaseModel):
    """Segregation of duties; limits: by currency, in minor units, up to which who held may release too."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hold_and_release: HoldAndRelease = HoldAndRelease.ANYONE
    limits: dict[str, Annotated[int, Field(ge=0)]] = {}

    def duties(self) -> Duties:
        """As a value of the core."""
        return Duties(self.hold_and_release, dict(self.limits))


class Webhooks(BaseModel):
    """Facts told to those outside. source: a URI that names this core (CloudEvents); schemes, hosts, inside:
    where they may go (core/announcing/addresses); attempts of one delivery, first and longest pause; days
    after which an endpoint that takes nothing is disabled; usage_thresholds: by meter, of use a month."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = Field(default="urn:tieout:core", min_length=1, max_length=200)
    schemes: tuple[Literal["https", "http"], ...] = ("https",)
    hosts: tuple[Annotated[str, Field(pattern=r"^[a-z0-9.-]+$")], ...] = ()
    inside: bool = False
    attempts: int = Field(default=24, ge=1, le=100)
    first_seconds: float = Field(default=5.0, gt=0)
    longest_seconds: float = Field(default=6 * 3600.0, gt=0)
    days: int = Field(default=5, ge=1)
    usage_thresholds: dict[str, tuple[Annotated[Decimal, Field(gt=0)], ...]] = {}

    def reach(self) -> Reach:
        """As a value of the core."""
        return Reach(self.schemes, self.hosts, self.inside)


class Settings(BaseModel):
    """Defaults are those of a production deployment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # Retry in memory (direct, batch rows): attempts in all, first pause, growth, longest pause.
    inline_attempts: int = Field(default=4, ge=1, le=10)
    inline_first_seconds: float = Field(default=1.0, gt=0)
    # Durable retry (sagas, consumers): about four days in all before an item is parked.
    durable_attempts: int = Field(default=24, ge=1, le=100)
    durable_first_seconds: float = Field(default=5.0, gt=0)
    durable_longest_seconds: float = Field(default=6 * 3600.0, gt=0)
    workers: int = Field(default=16, ge=1, le=256)
    # How long an accepted event is remembered: longer than anybody may repeat it (checked at start).
    inbox_days: int = Field(default=45, ge=1)
    # Inbound webhooks: how old a signature may be.
    signature_window_seconds: int = Field(default=300, ge=1)
    # Schedules, hours of the UTC day.
    batch_hour: float = Field(default=2.0, ge=0, lt=24)
    reconcile_hour: float = Field(default=3.0, ge=0, lt=24)
    # None: dunning is started from outside (a department, an operator), not by the timetable.
    dunning_hour: float | None = Field(default=9.0, ge=0, lt=24)
    # Days after the first charge on which a failed card is tried again: gaps of 1, 3, 5, 7 days.
    dunning_days: tuple[int, ...] = (1, 4, 9, 16)
    # Days after it was due on which an unpaid invoice is given up, by how the customer pays ("card",
    # "invoice"); a segment that is not named is never given up. Nothing happens before a person approves.
    write_off_days: dict[str, int] = {}
    write_off_approved: bool = False
    # The same of segments of customers, as CRM and billing name them; one that is named there and not here
    # is held for accounts receivable. The two numbers above are for customers without a segment.
    segments: dict[str, Collections] = {}
    write_off_hour: float | None = Field(default=10.0, ge=0, lt=24)
    # Revenue of a month is recognised on this day of the next.
    recognition_day: int = Field(default=2, ge=1, le=28)
    # What is open in a foreign currency is remeasured on this day of the next month; None: not by the core.
    revaluation_day: int | None = Field(default=None, ge=1, le=28)
    # Hybrid runs the month-end controls that its ports show on this day of the next month; None: only when
    # somebody asks for them.
    close_day: int | None = Field(default=5, ge=1, le=28)
    legal_entities: LegalEntities = LegalEntities()
    dimensions: Dimensions = Dimensions()
    books: BookPolicy = USUAL
    # How a service is spread over its months, and what becomes of what is given back.
    revenue: RevenuePolicy = AS_DELIVERED
    # Of a flow's transactions so many percent end within its objective (core/connectivity/flows).
    slo_percent: Decimal = Field(default=Decimal(99), gt=0, lt=100)
    # Reconciliation looks back at least so far.
    reconcile_days: int = Field(default=4, ge=1)
    controls: Controls = Controls()
    separation: Separation = Separation()
    webhooks: Webhooks = Webhooks()

    def collecting(self) -> BySegment:
        """As values of the core."""
        gaps = tuple(after - before for before, after in pairwise((0, *self.dunning_days)))
        segments = {
            name: Collecting(each.retry_gaps, dict(each.write_off_days))
            for name, each in self.segments.items()
        }
        return BySegment(Collecting(gaps, dict(self.write_off_days)), segments)

    @property
    def days_given_up(self) -> int:
        """How long after it was due an invoice may be collected: the longest of all segments."""
        every = (self.write_off_days, *(each.write_off_days for each in self.segments.values()))
        return max((days for each in every for days in each.values()), default=0)


class _Sources(BaseSettings):
    """Environment TIEOUT_<NAME>, then the TOML file, then the defaults."""

    model_config = SettingsConfigDict(env_prefix="TIEOUT_", env_nested_delimiter="__", extra="ignore")
    core: Settings = Settings()

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *_: Any, **sources: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (sources["init_settings"], sources["env_settings"], TomlConfigSettingsSource(settings_cls))


def load_settings(path: Path | None = None) -> Settings:
    """From a TOML file ([core] table) and TIEOUT_CORE__<NAME>; pydantic's error names field and value."""

    class Located(_Sources):
        model_config = SettingsConfigDict(
            env_prefix="TIEOUT_", env_nested_delimiter="__", extra="ignore", toml_file=path
        )

    return Located().core
