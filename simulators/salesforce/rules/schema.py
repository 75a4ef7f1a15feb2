"""The language in which objects are written down: fields, references, entities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

TEXT_TYPES = frozenset({"string", "textarea", "picklist", "multipicklist", "email", "phone", "url"})
NUMBER_TYPES = frozenset({"double", "currency", "percent", "int"})
ID_TYPES = frozenset({"id", "reference"})
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `on_delete`: what happens to the row when the record it refers to is deleted
    ("cascade", "clear" or "restrict"); `child`: the name of the way back, for subqueries; `also`:
    further objects that it may refer to; `number`: format of an auto-number; `external`: may be the
    key of an upsert; `loose`: a picklist that takes other values too; `parts`: of an address, the columns
    that it is made of, by what they are called in it."""

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
    also: tuple[str, ...] = ()
    loose: bool = False
    caption: str = ""
    precision: int = 18
    case_sensitive: bool = False
    help: str = ""
    parts: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """The name as people read it in messages."""
        if self.caption:
            return self.caption
        bare = self.name.removesuffix("__c").removeprefix("SBQQ__").replace("_", " ")
        words = _WORDS.sub(" ", bare)
        return words.replace(" Id", " ID") if words.endswith(" Id") else words

    @property
    def custom(self) -> bool:
        """Whether it is no standard field."""
        return self.name.endswith("__c")

    @property
    def targets(self) -> tuple[str, ...]:
        """Objects that it may refer to."""
        return (self.refers, *self.also) if self.refers else ()


class Entity:
    """One object. key, state, amount: the fields that tell its story in the history; kind: the name
    it has there; story: further fields whose values (or whose records' keys) belong to the story;
    feed: whether the relay tells of its changes. The rest is worked out of the fields."""

    __slots__ = (
        "amount", "blank", "compounds", "defaults", "feed", "fields", "indexed", "key", "kind", "label",
        "money", "name", "named", "numbered", "plural", "prefix", "relationships", "required", "state",
        "story", "unique", "writable",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        prefix: str,
        fields: Mapping[str, Field],
        label: str,
        kind: str,
        key: str,
        state: str,
        amount: str,
        story: tuple[str, ...],
        writable: bool,
        feed: bool,
        plural: str = "",
    ) -> None:
        self.name, self.prefix, self.label, self.kind = name, prefix, label, kind
        self.plural = plural or (f"{label[:-1]}ies" if label.endswith("y") else f"{label}s")
        self.key, self.state, self.amount, self.story = key, state, amount, story
        self.writable, self.feed = writable, feed
        self.fields: dict[str, Field] = dict(fields)
        self._work_out()

    def _work_out(self) -> None:
        every = tuple(self.fields.values())
        self.named = {f.name.lower(): f for f in every}
        self.relationships = {f.relationship.lower(): f for f in every if f.relationship}
        self.blank: dict[str, object] = {f.name: None for f in every}
        self.defaults = tuple((f.name, f.default) for f in every if f.default is not None)
        self.required = tuple(f.name for f in every if f.required)
        self.numbered = tuple(f for f in every if f.number)
        self.unique = tuple(f for f in every if f.unique)
        self.indexed = tuple(f for f in every if f.indexed or f.unique or f.external or f.child)
        self.compounds = {f.name: f.parts for f in every if f.parts}
        self.money = tuple(f.name for f in every if f.type == "currency")

    def copy(self) -> Entity:
        """An org's own, which it may widen."""
        return Entity(
            self.name, self.prefix, self.fields, self.label, self.kind, self.key, self.state, self.amount,
            self.story, self.writable, self.feed, self.plural,
        )  # fmt: skip

    def add(self, field: Field) -> None:
        """One column more, or another definition of one."""
        self.fields[field.name] = field
        self._work_out()

    def drop(self, name: str) -> None:
        """One column less."""
        del self.fields[name]
        self._work_out()

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
    plural: str = "",
) -> Entity:
    """An entity of its own fields and those that every object has."""
    columns = {f.name: f for f in (_ID, *fields, *_AUDIT)}
    return Entity(
        name, prefix, columns, label or name, kind or name, key, state, amount, story, writable, feed, plural
    )


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
    name: str,
    *values: str,
    default: str | None = None,
    required: bool = False,
    indexed: bool = False,
    loose: bool = False,
    caption: str = "",
) -> Field:
    """A picklist; restricted to its values where values are given, unless it is loose."""
    return Field(
        name, "picklist", values=values, default=default, required=required, indexed=indexed, loose=loose,
        caption=caption,
    )  # fmt: skip


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
    also: tuple[str, ...] = (),
) -> Field:
    """A lookup; the way to the parent is the name without Id, or with __r for __c."""
    way = name.removesuffix("Id") if name.endswith("Id") else f"{name.removesuffix('__c')}__r"
    return Field(
        name, "reference", 18, required=required, refers=refers, relationship=way, child=child,
        on_delete=on_delete, updateable=updateable, also=also,
    )  # fmt: skip


def record_type() -> Field:
    """Which of the object's record types it is of."""
    return Field("RecordTypeId", "reference", 18, refers="RecordType", relationship="RecordType")


def _given(name: str, kind: str, refers: str = "") -> Field:
    way = name.removesuffix("Id") if refers else ""
    return Field(name, kind, createable=False, updateable=False, refers=refers, relationship=way)


def merged_into(kind: str) -> Field:
    """The record into which a deleted one was merged."""
    return _given("MasterRecordId", "reference", kind)


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
