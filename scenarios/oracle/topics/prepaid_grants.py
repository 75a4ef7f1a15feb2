"""Cases of prepaid credits: grants drawn by charges in a stored order, expiry, and what is posted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from core.finance.exact import whole
from core.finance.ledger import chart
from core.finance.ledger.fact import Fact, Kind
from core.finance.ledger.policy import Policy
from core.finance.ledger.posting import post
from core.finance.pricing.facts import Event, credits_drawn, credits_expired, credits_sold
from core.finance.pricing.wallets import Drawn, DrawOrder, Grant, Origin, Take, Wallet
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.pricing_reading import Units, first, share, units

_DAY = date(2000, 1, 1)
_BALANCES = ("credit_balance", "credits", "balance", "wallet", "bought", "purchased", "prepaid", "credit")
_CHARGES = (
    "charges",
    "lines",
    "invoices",
    "usages",
    "charge",
    "consumed",
    "usage",
    "consumption",
    "used",
    "invoice",
    "drawdowns",
    "fee",
    "fees",
    "subtotal",
)
_RATES = ("tax_rate", "tax_pct", "tax_rate_pct", "vat_pct")
# The ledger's accounts by the words of the cases.
_ACCOUNTS = {
    chart.BANK: "cash",
    chart.PREPAID: "customer_credit",
    chart.USAGE_REVENUE: "revenue",
    chart.BREAKAGE: "breakage_revenue",
}
_DATES = ("at", "date", "on", "day")


@dataclass(frozen=True, slots=True)
class _Played:
    wallet: Wallet
    drawn: tuple[Drawn, ...]
    expired: tuple[Take, ...]
    day: date
    taxes: tuple[int, ...] = ()


def answer(case: Case) -> Any:
    """Figures by name; lists are one a charge, objects are by grant."""
    unit = units(case)
    wallet = Wallet(tuple(_grants(case, unit)), _order(case))
    played = _play(wallet, case.inputs, unit)
    if not isinstance(case.wanted, Mapping):
        raise NotOffered("expected: an object of named figures is read")
    return {key: _part(str(key), shape, played, unit) for key, shape in case.wanted.items()}


def _grants(case: Case, unit: Units) -> Iterator[Grant]:
    inputs = case.inputs
    rows = first(inputs, "grants", "wallets", "credit_grants")
    if isinstance(rows, Mapping):
        rows = [{"key": k, **(v if isinstance(v, Mapping) else {"amount": v})} for k, v in rows.items()]
    if rows is None:
        rows = list(_named_grants(inputs))
    for number, row in enumerate(rows, 1):
        given = row if isinstance(row, Mapping) else {"amount": row}
        amount = unit.minor(first(given, "amount", "credits", "balance", "value"), "grants")
        said = str(first(given, "type", "origin", "kind", "category") or "paid").lower()
        free = any(word in said for word in ("promo", "free", "grant", "bonus"))
        paid = first(given, "paid", "price", "cost")
        ends = first(given, "expires", "expires_at", "expiry", "expiration")
        starts = first(given, "since", "effective", "effective_at", "granted_at", "from")
        yield Grant(
            str(first(given, "key", "id", "name") or number),
            amount,
            Origin.PROMOTIONAL if free else Origin.PAID,
            0 if free else unit.whole(paid, "grants") if paid is not None else int(amount),
            int(first(given, "priority") if given.get("priority") is not None else 50),
            date.fromisoformat(str(starts)[:10]) if starts else date.min,
            date.fromisoformat(str(ends)[:10]) if ends else None,
        )


def _named_grants(inputs: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Grants that stand in the inputs by name: "promotional_credit", "paid_credits", "credit_balance"."""
    ends = {key: inputs[key] for key in ("expires", "expires_at") if key in inputs}
    for key, value in inputs.items():
        if isinstance(value, Mapping | list | bool) or re.search(
            r"expir|used|consumed|left|price|order", key
        ):
            continue
        if re.search(r"promo|free|bonus|granted", key):
            yield {"id": "promotional", "amount": value, "type": "promotional", **ends}
        elif key in _BALANCES or re.search(r"(paid|purchased|bought|prepaid)\w*(credit|balance)", key):
            yield {"id": "paid", "amount": value, **ends}


def _order(case: Case) -> DrawOrder:
    said = f"{case.convention} {first(case.inputs, 'order', 'draw_order', 'burn_order') or ''}".lower()
    said = said.replace("_", " ")
    if re.search(r"promo\w*( credits?)? (are )?(first|before)|free (first|before)", said):
        return DrawOrder.PROMOTIONAL_FIRST
    if re.search(r"paid( credits?)? (are )?(first|before)", said):
        return DrawOrder.PAID_FIRST
    if re.search(r"oldest|first in|fifo", said):
        return DrawOrder.OLDEST_FIRST
    soonest = re.search(r"expir\w+ (first|soonest)|soonest", said) and "priority" not in said
    return DrawOrder.EXPIRY if soonest else DrawOrder.PRIORITY


def _play(wallet: Wallet, inputs: Mapping[str, Any], unit: Units) -> _Played:
    rows = first(inputs, *_CHARGES)
    key = next((each for each in _RATES if inputs.get(each) is not None), None)
    tax = share(inputs[key], f"{key}_pct") if key else Fraction(0)
    drawn: list[Drawn] = []
    taxes: list[int] = []
    expired: list[Take] = []
    day = _DAY if all(grant.since <= _DAY for grant in wallet.grants) else max(g.since for g in wallet.grants)
    for row in rows if isinstance(rows, list) else [] if rows is None else [rows]:
        given = row if isinstance(row, Mapping) else {"amount": row}
        said = first(given, *_DATES)
        day = date.fromisoformat(str(said)[:10]) if said else day
        wallet, gone = wallet.expire(day)
        expired += gone
        net = unit.minor(first(given, "amount", "credits", "usage"), "charge")
        wallet, one = wallet.draw(net + whole(net * tax) if tax else net, day)
        drawn.append(one)
        taxes.append(whole(net * tax) if tax else 0)
    last = first(inputs, "as_of", "expiry_date", "close", "at")
    if last is not None:
        day = date.fromisoformat(str(last)[:10])
        wallet, gone = wallet.expire(day)
        expired += gone
    lost = first(inputs, "expired", "breakage")
    if lost is not None and not isinstance(lost, bool):
        wallet, one = wallet.draw(unit.minor(lost, "expired"), day)
        expired += one.takes
    return _Played(wallet, tuple(drawn), tuple(expired), day, tuple(taxes))


def _part(key: str, shape: Any, played: _Played, unit: Units) -> Any:
    if _is_journal(shape):
        return _journal(key, played, unit)
    if isinstance(shape, Mapping):
        return {name: _of_grant(key, str(name), played, unit) for name in shape}
    if isinstance(shape, list):
        if len(shape) == len(played.drawn):
            if re.search(r"left|remaining|balance", key) and not played.expired:
                return [unit.major(each) for each in _balances(played)]
            if isinstance(shape[0], Mapping):
                return [
                    _taken(each, one, played, unit) for each, one in zip(shape, played.drawn, strict=True)
                ]
            return [unit.major(_of_charge(key, one)) for one in played.drawn]
        return [_of_grant(key, grant.key, played, unit) for grant in played.wallet.grants]
    return unit.major(_figure(key, played))


def _balances(played: _Played) -> list[Fraction]:
    """What is left after each charge, where nothing expires."""
    after = sum((grant.left for grant in played.wallet.grants), Fraction(0))
    found: list[Fraction] = []
    for one in reversed(played.drawn):
        found.append(after)
        after += one.credits
    return found[::-1]


def _taken(wanted: Mapping[str, Any], one: Drawn, played: _Played, unit: Units) -> dict[str, Any]:
    """Of one charge: what each grant gave, and figures by name."""
    gave = {grant.key: Fraction(0) for grant in played.wallet.grants}
    for take in one.takes:
        gave[take.grant] += take.credits
    return {name: unit.major(gave[name] if name in gave else _of_charge(str(name), one)) for name in wanted}


def _figure(name: str, played: _Played) -> Fraction:
    if re.search(r"liabilit|owed|deferred", name):
        return Fraction(played.wallet.owed)
    if re.search(r"expired|breakage", name):
        revenue = re.search(r"breakage|revenue", name)
        return sum((Fraction(t.released) if revenue else t.credits for t in played.expired), Fraction(0))
    if re.search(r"(^|_)(tax|vat)(_|$)", name) and not re.search(r"with|incl", name):
        return Fraction(sum(played.taxes))
    if re.search(r"invoice_total|total_(with|incl)|gross", name):
        return sum((one.credits + one.short for one in played.drawn), Fraction(0))
    if re.search(r"left|remaining|balance", name):
        origin = Origin.PROMOTIONAL if re.search(r"promo|free|bonus", name) else None
        origin = Origin.PAID if re.search(r"(^|_)paid", name) else origin
        if origin is None:
            return played.wallet.balance(played.day)
        open_ = (grant for grant in played.wallet.grants if grant.open_on(played.day))
        return sum((grant.left for grant in open_ if grant.origin is origin), Fraction(0))
    if re.search(r"revenue", name):
        return Fraction(sum(one.released for one in played.drawn))
    if not played.drawn:
        raise NotOffered(f"{name}: no charge is given that draws credits; one of {_CHARGES} is read")
    return sum((_of_charge(name, one) for one in played.drawn), Fraction(0))


def _of_charge(name: str, one: Drawn) -> Fraction:
    if re.search(r"payable|overage|short|invoice|due|remainder", name):
        return one.short
    if "revenue" in name:
        return Fraction(one.released)
    if re.search(r"promo|free", name):
        return _by(one, Origin.PROMOTIONAL)
    if re.search(r"paid", name):
        return _by(one, Origin.PAID)
    if re.search(r"used|consumed|drawn|credit|applied", name):
        return one.credits
    raise NotOffered(f"{name}: credit used, left, expired, payable, liability and revenue are read")


def _by(one: Drawn, origin: Origin) -> Fraction:
    return sum((take.credits for take in one.takes if take.origin is origin), Fraction(0))


def _of_grant(key: str, name: str, played: _Played, unit: Units) -> Fraction:
    grants = {grant.key: grant for grant in played.wallet.grants}
    if name in grants:
        grant = grants[name]
        if re.search(r"left|remaining|balance", key):
            return unit.major(grant.left)
        return unit.major(grant.expired if re.search(r"expired|breakage", key) else grant.used)
    return unit.major(_figure(name, played))


def _journal(key: str, played: _Played, unit: Units) -> list[dict[str, Any]]:
    """Credits are owed from the day they are bought; using them earns, and so does their expiry."""
    event = Event("case", played.day, "case", "USD")
    if re.search(r"purchase|bought|sale|top_?up", key):
        sold = [credits_sold(event, grant) for grant in played.wallet.grants if grant.paid]
        paid = event.fact(Kind.BANK_RECEIPT, matched=sum(grant.paid for grant in played.wallet.grants))
        return _posted([*sold, paid], unit)
    if re.search(r"expir|breakage", key):
        return _posted([credits_expired(event, played.expired)], unit)
    return _posted([fact for one in played.drawn for fact in credits_drawn(event, one)], unit)


def _posted(facts: Iterable[Fact], unit: Units) -> list[dict[str, Any]]:
    """What the ledger makes of the facts, by account; a receivable that is paid at once does not show."""
    sums: dict[str, int] = {}
    for fact in facts:
        entry = post(fact, Policy())
        for line in entry.lines if entry else ():
            sums[line.account] = sums.get(line.account, 0) + line.amount.minor
    return [
        {"account": _ACCOUNTS[number], "debit": unit.major(max(sum_, 0)), "credit": unit.major(max(-sum_, 0))}
        for number, sum_ in sums.items()
        if sum_
    ]


def _is_journal(shape: Any) -> bool:
    return isinstance(shape, list) and bool(shape) and isinstance(shape[0], Mapping) and "account" in shape[0]
