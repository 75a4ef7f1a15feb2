"""Reads a company profile; what is wrong is named with file, line, field, value and allowed range."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from core.finance.ledger.conventions import BookPolicy
from core.settings import Collections, Dimensions, LegalEntities
from scenarios.profiles.company import (
    CLASSIFIED,
    ProfileError,
    books,
    dimensions,
    legal_entities,
    line_of,
    segments,
)
from scenarios.profiles.numbers import BUNDLES, DEFAULTS, NUMBERS, USAGE, WHOLE

_FOLDER = Path(__file__).parent
ONE = LegalEntities()


@dataclass(frozen=True, slots=True)
class Product:
    """price: whole US dollars per seat and month; kind: plan, add_on, usage or service (delivered once, at
    the price of the whole).

    unit, tiers: of what is billed by use: (last unit of the tier, None without end; US dollars a unit).
    """

    sku: str
    name: str
    price: int
    kind: str
    unit: str = ""
    tiers: tuple[tuple[int | None, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """A company. Shares and monthly probabilities in [0, 1]; see the TOML files for each.

    usage_*, bundle_*: nothing unless the file has a table for it; legal_entities: whose books customers go
    into, none: one set of books; dimensions: what lines in the ledger carry; books: its conventions, None:
    the usual ones.
    """

    name: str
    title: str
    customers: int
    months: int
    base_share: float
    evergreen: float
    annual: float
    multi_year: float
    monthly_share: float
    card_share: float
    failed_card: float
    dispute: float
    dispute_won: float
    refund_returned: float
    payout_returned: float
    write_off_days: float
    recovered: float
    pay_days_median: float
    pay_days_p95: float
    never_pays: float
    upgrade: float
    downgrade: float
    add_on: float
    co_term: float
    quantity_change: float
    cancel: float
    refund: float
    renewed: float
    uplift_mean: float
    seats_median: float
    seats_p95: float
    currencies: dict[str, float]
    products: tuple[Product, ...]
    usage_share: float = 0.0
    usage_events: int = 0
    usage_median: float = 1.0
    usage_p95: float = 2.0
    usage_late: float = 0.0
    usage_twice: float = 0.0
    bundle_share: float = 0.0
    onboarding_off: float = 0.0
    deliver_median: float = 1.0
    deliver_p95: float = 2.0
    debit_share: float = 0.0
    debit_returned: float = 0.0
    transfer_share: float = 0.0
    transfer_apart: float = 0.0
    legal_entities: LegalEntities = ONE
    dimensions: Dimensions = CLASSIFIED
    books: BookPolicy | None = None
    segments: dict[str, Collections] = dataclasses.field(default_factory=dict)

    @property
    def service(self) -> Product | None:
        """What is delivered once, if anything is."""
        return next((product for product in self.products if product.kind == "service"), None)

    @property
    def metered(self) -> Product | None:
        """What is billed by use, if anything is."""
        return next((product for product in self.products if product.kind == "usage"), None)


_CURRENCIES = ("USD", "EUR", "GBP", "JPY")


def names() -> list[str]:
    """The profiles that come with Tieout."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def read_profile(name_or_path: str) -> Profile:
    """One that comes with Tieout, by name, or a TOML file."""
    known = _FOLDER / f"{name_or_path}.toml"
    path = known if known.exists() else Path(name_or_path)
    try:
        text = path.read_text()
    except OSError as error:
        near = ", ".join(names())
        raise ProfileError(f"profile: {name_or_path!r} is neither a profile ({near}) nor a file") from error
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{path}: {error}") from error
    return _build(path, text, value)


def _build(path: Path, text: str, value: dict[str, Any]) -> Profile:
    numbers: dict[str, Any] = {}
    wanted = NUMBERS | (USAGE if "usage" in value else {}) | (BUNDLES if "bundles" in value else {})
    for field, (table, key, low, high) in wanted.items():
        found = (value.get(table, {}) if table else value).get(key, DEFAULTS.get(field))
        where = f"{path}:{line_of(text, table, key)}: {table + '.' if table else ''}{key}"
        if not isinstance(found, (int, float)) or isinstance(found, bool):
            raise ProfileError(f"{where}: {found!r} must be a number from {low:g} to {high:g}")
        if not low <= found <= high:
            raise ProfileError(f"{where}: {found} must lie in {low:g} to {high:g}")
        numbers[field] = found
    shares = numbers["evergreen"] + numbers["annual"] + numbers["multi_year"]
    if abs(shares - 1) > 1e-9:
        raise ProfileError(
            f"{path}:{line_of(text, 'terms', 'evergreen')}: terms: shares add up to {shares}, not 1"
        )
    return Profile(
        name=path.stem,
        title=str(value.get("title", path.stem)),
        currencies=_currencies(path, text, value),
        products=_products(path, text, value),
        legal_entities=legal_entities(path, text, value),
        dimensions=dimensions(path, text, value),
        books=books(path, text, value),
        segments=segments(path, text, value),
        **{name: int(n) if name in WHOLE else n for name, n in numbers.items()},
    )


def _currencies(path: Path, text: str, value: dict[str, Any]) -> dict[str, float]:
    mix = value.get("currencies")
    where = f"{path}:{line_of(text, 'currencies', '')}: currencies"
    if not isinstance(mix, dict) or not mix:
        raise ProfileError(f"{where}: a table of shares, one of {', '.join(_CURRENCIES)} at least")
    for code, share in mix.items():
        if code not in _CURRENCIES:
            raise ProfileError(f"{where}.{code}: unknown; allowed: {', '.join(_CURRENCIES)}")
        if not isinstance(share, (int, float)) or not 0 <= share <= 1:
            raise ProfileError(f"{where}.{code}: {share!r} must lie in 0 to 1")
    return {code: float(share) for code, share in mix.items()}


def _products(path: Path, text: str, value: dict[str, Any]) -> tuple[Product, ...]:
    rows = value.get("products", [])
    where = f"{path}:{line_of(text, 'products', '')}: products"
    try:
        products = tuple(_product(row) for row in rows)
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise ProfileError(f"{where}: each needs sku, name, price, kind; {error}") from None
    if sum(p.kind == "plan" for p in products) < 2 or not any(p.kind == "add_on" for p in products):
        raise ProfileError(f"{where}: at least two of kind plan and one of kind add_on")
    return products


def _product(row: dict[str, Any]) -> Product:
    tiers = tuple((tier.get("up_to"), Decimal(tier["price"])) for tier in row.get("tiers", ()))
    if row["kind"] == "usage" and (not row.get("unit") or not tiers or tiers[-1][0] is not None):
        raise ValueError("one of kind usage needs a unit, and tiers of which the last has no up_to")
    return Product(row["sku"], row["name"], int(row["price"]), row["kind"], row.get("unit", ""), tiers)
