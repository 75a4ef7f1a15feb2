"""The language in which objects are written down: fields, references, entities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TEXT_TYPES = frozenset({"string", "textarea", "picklist", "email", "phone", "url"})
NUMBER_TYPES = frozenset({"double", "currency", "percent", "int"})
ID_TYPES = frozenset({"id", "reference"})


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `on_delete`: what happens to the row when the record it refers to is deleted
    ("cascade", "clear" or "restrict"); `child`: the name of the way back, for subqueries;
    `number`: format of an auto-number; `external`: may be the key of an upsert."""

    name: str
    type: str = "string"
    length: int = 255
    scale: int = 0
    required: bool = False
    default: object = None
    values: tuple[str, ...] = ()
    external: bool = False
    unique: bool = False
    indexed: bool = False
    createable: bool = True
    updateable: bool = True
    number: str = ""
    refers: str = ""
    relationship: str = ""
    child: str = ""
    on_delete: str = "clear"

    @property
    def label(self) -> str:
        """The name as people read it in messages."""
        return self.name.removesuffix("__c").removeprefix("SBQQ__").replace("_", " ")


@dataclass(frozen=True, slots=True)
class Entity:
    """One object. key, state, amount: the fields that tell its story in the history; kind: the name
    it has there; story: further fields whose values (or whose records' keys) belong to the story."""

    name: str
    prefix: str
    label: str
    fields: Mapping[str, Field]
    kind: str
    key: str
    state: str
    amount: str
    story: tuple[str, ...]
    writable: bool
    feed: bool
    named: Mapping[str, Field]
    relationships: Mapping[str, Field]
    blank: Mapping[str, object]
    defaults: tuple[tuple[str, object], ...]
    required: tuple[str, ...]
    numbered: tuple[Field, ...]
    unique: tuple[Field, ...]
    indexed: tuple[Field, ...]
    money: tuple[str, ...]

    @property
    def event(self) -> str:
        """The name of its change event: AccountChangeEvent, SBQQ__Quote__ChangeEvent."""
        return f"{self.name.removesuffix('c')}ChangeEvent" if self.custom else f"{self.name}ChangeEvent"

    @property
    def custom(self) -> bool:
        """Whether it is no standard object."""
        return self.name.endswith("__c")


def entity(
    name: str,
    prefix: str,
    *fields: Field,
    label: str = "",
    kind: str = "",
    key: str = "",
    state: str = "",
    amount: str = "",
    story: tuple[str, ...] = (),
    writable: bool = True,
    feed: bool = False,
) -> Entity:
    """An entity of its own fields and those that every object has."""
    columns = {f.name: f for f in (_ID, *fields, *_AUDIT)}
    every = tuple(columns.values())
    return Entity(
        name, prefix, label or name, columns, kind or name, key, state, amount, story, writable, feed,
        named={f.name.lower(): f for f in every},
        relationships={f.relationship.lower(): f for f in every if f.relationship},
        blank={f.name: None for f in every},
        defaults=tuple((f.name, f.default) for f in every if f.default is not None),
        required=tuple(f.name for f in every if f.required),
        numbered=tuple(f for f in every if f.number),
        unique=tuple(f for f in every if f.unique),
        indexed=tuple(f for f in every if f.indexed or f.unique or f.external or f.child),
        money=tuple(f.name for f in every if f.type == "currency"),
    )  # fmt: skip


def text(name: str, length: int = 255, *, required: bool = False, indexed: bool = False) -> Field:
    """A line of text."""
    return Field(name, length=length, required=required, indexed=indexed)


def external_id(name: str, *, unique: bool = True) -> Field:
    """A key of some other system; compared without regard to case."""
    return Field(name, external=True, unique=unique)


def auto_number(name: str, form: str) -> Field:
    """A number that the org gives."""
    return Field(name, number=form, createable=False, updateable=False, indexed=True)


def pick(
    name: str, *values: str, default: str | None = None, required: bool = False, indexed: bool = False
) -> Field:
    """A picklist; restricted to its values where values are given."""
    return Field(name, "picklist", values=values, default=default, required=required, indexed=indexed)


def money(name: str, *, required: bool = False, calculated: bool = False) -> Field:
    """An amount in the currency of the record (CurrencyIsoCode)."""
    free = not calculated
    return Field(name, "currency", scale=2, required=required, createable=free, updateable=free)


def number(name: str, scale: int = 0, *, required: bool = False, kind: str = "double") -> Field:
    """A number with `scale` decimals."""
    return Field(name, kind, scale=scale, required=required)


def flag(name: str, *, calculated: bool = False) -> Field:
    """A checkbox; never null."""
    free = not calculated
    return Field(name, "boolean", default=False, createable=free, updateable=free)


def day(name: str, *, required: bool = False) -> Field:
    """A calendar date."""
    return Field(name, "date", required=required)


def reference(
    name: str,
    refers: str,
    child: str,
    *,
    required: bool = False,
    on_delete: str = "clear",
    updateable: bool = True,
) -> Field:
    """A lookup; the way to the parent is the name without Id, or with __r for __c."""
    way = name.removesuffix("Id") if name.endswith("Id") else f"{name.removesuffix('__c')}__r"
    return Field(
        name, "reference", 18, required=required, refers=refers, relationship=way, child=child,
        on_delete=on_delete, updateable=updateable,
    )  # fmt: skip


def _given(name: str, kind: str, refers: str = "") -> Field:
    way = name.removesuffix("Id") if refers else ""
    return Field(name, kind, createable=False, updateable=False, refers=refers, relationship=way)


# Currencies that are active in the org.
CURRENCIES = (
    "USD", "AED", "AUD", "BHD", "BRL", "CAD", "CHF", "CLP", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD",
    "HUF", "ILS", "INR", "ISK", "JOD", "JPY", "KRW", "KWD", "MXN", "MYR", "NOK", "NZD", "OMR", "PHP",
    "PLN", "RON", "SAR", "SEK", "SGD", "THB", "TND", "TRY", "TWD", "VND", "ZAR",
)  # fmt: skip

_ID = _given("Id", "id")
_AUDIT = (
    pick("CurrencyIsoCode", *CURRENCIES, default="USD"),
    Field("OwnerId", "reference", 18, refers="User", relationship="Owner"),
    Field("IsDeleted", "boolean", default=False, createable=False, updateable=False),
    _given("CreatedDate", "datetime"),
    _given("CreatedById", "reference", "User"),
    _given("LastModifiedDate", "datetime"),
    _given("LastModifiedById", "reference", "User"),
    _given("SystemModstamp", "datetime"),
)
