"""Plants for C13 to C17: payments, processor, payouts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from core.canonical.money import Money
from core.close.extract import Extract
from core.close.rows.cash import (
    BalanceTransaction,
    BankLine,
    Payout,
)
from scenarios.plants.deal import moment
from scenarios.plants.plant import (
    Amount,
    Plant,
    add,
    again,
    closing,
    edit,
    first,
    more,
    posted,
    put,
    remove,
    unposted,
)

_PO = "po-USD"
_PROOF = frozenset({"C17"})


def _usd(minor: int) -> Money:
    return Money(minor, "USD")


def _mine(row: Payout) -> bool:
    return row.id == _PO


def _line(row: BankLine) -> bool:
    return row.id == f"bank-{_PO}"


def _plain(row: object) -> bool:
    """The charge of the first deal: neither refunded nor disputed."""
    return getattr(row, "id", "") == "ch-1"


def _payout(clean: Extract) -> Amount:
    return int(first(clean.payouts, _mine).amount.minor)


def _charge(clean: Extract) -> Amount:
    return int(first(clean.charges, _plain).amount.minor)


def _fee(clean: Extract) -> int:
    return int(first(clean.balance_transactions, lambda b: b.source == "ch-1").fee.minor)


def _net(clean: Extract) -> Amount:
    return int(first(clean.balance_transactions, lambda b: b.source == "ch-1").net.minor)


def _gross_only(extract: Extract) -> Extract:
    """The charge booked gross, its fee not at all."""
    total, source = _usd(int(_charge(extract))), "bt-ch-1"
    extract = remove(extract, "ledger", lambda x: x.source == source and x.account == "6000")
    return edit(extract, "ledger", lambda x: x.source == source and x.account == "1010", amount=total)


def entry(
    extract: Extract,
    name: str,
    kind: str,
    minor: int,
    at: datetime,
    *,
    payout: str = "",
    booked: bool = False,
) -> Extract:
    """One more entry of the processor's balance, which has it in its total."""
    row = BalanceTransaction(
        id=name,
        kind=kind,
        source=payout if kind == "payout" else name,
        gross=_usd(minor),
        fee=_usd(0),
        net=_usd(minor),
        at=at,
        payout=payout,
    )
    extract = edit(
        add(extract, "balance_transactions", row),
        "processor_balances",
        lambda b: b.available.currency == "USD",
        available=lambda b: more(b.available, minor),
    )
    if not booked:
        return extract
    return posted(extract, name, "P00", ("1010", _usd(minor)), ("6900", _usd(-minor)))


def _unbooked(extract: Extract, kind: str) -> Extract:
    return entry(extract, f"bt-{kind}", kind, 200, moment(date(2026, 1, 6)))


def _less_recorded(extract: Extract) -> Extract:
    paid = "payment"
    return edit(extract, "billing_payments", lambda p: p.kind == paid, amount=lambda p: more(p.amount, -7))


def _of_nothing(extract: Extract) -> Extract:
    return posted(extract, "no-entry", "P00", ("1010", _usd(200)), ("6900", _usd(-200)))


def _other_kind(kind: str, cause: str) -> Plant:
    return Plant("C14", cause, lambda e: _unbooked(e, kind), lambda _: 200, _PROOF)


def _kept(extract: Extract, **why: Money) -> Extract:
    """An item more in the payout than it brought."""
    extract = entry(extract, "bt-kept", "charge", 300, moment(date(2026, 1, 8)), payout=_PO, booked=True)
    return edit(extract, "payouts", _mine, **why)


def _taken_back(extract: Extract) -> Extract:
    """A payout the other way: the processor collects five."""
    day, name = date(2026, 1, 19), "po-back"
    extract = entry(extract, "bt-owed", "charge", -500, moment(day), payout=name, booked=True)
    payout = Payout(
        id=name,
        amount=_usd(-500),
        status="paid",
        sent_on=day,
        arrival_on=day,
        account="main-USD",
        trace="back",
    )
    line = BankLine(
        id="bank-back", account="main-USD", on=day, amount=_usd(-500), kind="processor", trace="back"
    )
    extract = add(add(extract, "payouts", payout), "bank_lines", line)
    row = BalanceTransaction(
        id="bt-back", kind="payout", source=name, gross=_usd(500), fee=_usd(0), net=_usd(500),
        at=moment(day), payout=name,
    )  # fmt: skip
    extract = add(extract, "balance_transactions", row)
    extract = edit(
        extract,
        "processor_balances",
        lambda b: b.available.currency == "USD",
        available=lambda b: more(b.available, 500),
    )
    sides = (("1010", _usd(500)), ("1000", _usd(-500)))
    return closing(posted(extract, "bt-back", "P30", *sides, bank="main-USD"), "main-USD", -500)


def _on_its_way(extract: Extract) -> Extract:
    amount = int(_payout(extract))
    extract = edit(extract, "payouts", _mine, sent_on=date(2026, 1, 28), arrival_on=date(2026, 1, 30))
    extract = remove(unposted(extract, f"bank-{_PO}", event_too=True), "bank_lines", _line)
    return closing(extract, "main-USD", -amount)


def failed(extract: Extract) -> Extract:
    """Paid, then sent back by the bank, and booked back to clearing."""
    amount, day = int(_payout(extract)), date(2026, 1, 16)
    extract = edit(extract, "payouts", _mine, status="failed")
    extract = again(extract, "bank_lines", _line, id="bank-returned", on=day, amount=_usd(-amount))
    extract = entry(extract, "bt-failure", "payout_failure", amount, moment(day))
    sides = (("1010", _usd(amount)), ("1000", _usd(-amount)))
    return closing(posted(extract, "bt-failure", "P30c", *sides, bank="main-USD"), "main-USD", -amount)


def _in_one_sum(extract: Extract) -> Extract:
    """A second payout of the same day; the bank books both as one, without a trace."""
    day, minor = first(extract.payouts, _mine).sent_on, 700
    extract = entry(extract, "bt-b", "charge", minor, moment(day), payout="po-b", booked=True)
    extract = again(extract, "payouts", _mine, id="po-b", amount=_usd(minor), trace="trace-b")
    extract = entry(extract, "bt-po-b", "payout", -minor, moment(day), payout="po-b")
    sides = (("1000", _usd(minor)), ("1010", _usd(-minor)))
    extract = posted(extract, "bt-po-b", "P30", *sides, bank="main-USD")
    extract = edit(extract, "bank_lines", _line, amount=lambda b: more(b.amount, minor), trace="")
    return closing(extract, "main-USD", minor)


def _fee_of_bank(extract: Extract) -> Extract:
    extract = edit(extract, "bank_lines", _line, amount=lambda b: more(b.amount, -25))

    def cash(line: object) -> bool:
        return getattr(line, "source", "") == f"bank-{_PO}" and getattr(line, "account", "") == "1000"

    again_ = replace(first(extract.ledger, cash), account="6000", amount=_usd(25))
    extract = add(edit(extract, "ledger", cash, amount=lambda x: more(x.amount, -25)), "ledger", again_)
    return closing(extract, "main-USD", -25)


def _after_hours(extract: Extract) -> Extract:
    """Before midnight in London, after it where the entity sits."""
    zoned = [replace(period, zone=5) for period in extract.periods]
    late = datetime(2026, 1, 31, 22, tzinfo=UTC)
    return entry(put(extract, "periods", zoned), "bt-late", "charge", 410, late)


_BOTH = frozenset({"C14"})
PLANTS = (
    Plant(
        "C13",
        "paid at PSP, open in billing (webhook lost)",
        lambda e: remove(e, "billing_payments", lambda p: p.reference == "pi-1"),
        lambda e: -_charge(e),
    ),
    Plant("C13", "another amount recorded", _less_recorded, lambda _: -7),
    Plant("C13", "paid in billing, none at PSP", lambda e: remove(e, "charges", _plain), _charge),
    Plant(
        "C13",
        "double charge",
        lambda e: again(e, "charges", _plain, id="ch-x", reference="pi-x"),
        lambda e: -_charge(e),
    ),
    Plant(
        "C13",
        "partial capture",
        lambda e: edit(e, "charges", _plain, captured=lambda c: more(c.amount, -100)),
        lambda _: 100,
    ),
    Plant(
        "C13",
        "status moved backward by late webhook",
        lambda e: edit(e, "billing_payments", lambda p: p.reference == "pi-1", status="pending"),
    ),
    _other_kind("topup", "entry not booked"),
    Plant("C14", "entry without balance transaction", _of_nothing, lambda _: -200, _PROOF),
    Plant("C14", "fee not booked", _gross_only, lambda e: -_fee(e), _PROOF),
    _other_kind("application_fee", "application fee"),
    _other_kind("adjustment", "adjustment/reserve"),
    _other_kind("conversion", "FX conversion line"),
    _other_kind("network_cost", "network cost passed later"),
    Plant(
        "C15",
        "missing item",
        lambda e: edit(e, "balance_transactions", lambda b: b.source == "ch-1", payout=""),
        lambda e: -_net(e),
    ),
    Plant(
        "C15",
        "manual payout (not itemised)",
        lambda e: put(
            edit(e, "payouts", _mine, itemised=False),
            "balance_transactions",
            [
                replace(b, payout="") if b.payout == _PO and b.kind != "payout" else b
                for b in e.balance_transactions
            ],
        ),
        lambda e: -_payout(e),
    ),
    Plant("C15", "minimum balance", lambda e: _kept(e, retained=_usd(300)), lambda _: 300),
    Plant("C15", "instant payout fee", lambda e: _kept(e, fee=_usd(300)), lambda _: 300),
    Plant("C15", "negative payout", _taken_back),
    Plant("C16", "in transit at month end", _on_its_way, _payout),
    Plant("C16", "failed/returned", failed, _payout),
    Plant("C16", "combined by bank", _in_one_sum),
    Plant("C16", "wrong account", lambda e: edit(e, "payouts", _mine, account="other")),
    Plant("C16", "bank fee netted", _fee_of_bank, lambda _: 25),
    Plant(
        "C16",
        "FX",
        lambda e: edit(e, "bank_lines", _line, amount=lambda b: Money(b.amount.minor, "EUR")),
        _payout,
    ),
    Plant(
        "C17",
        "aged item > 5 business days",
        lambda e: entry(e, "bt-old", "charge", 310, moment(date(2026, 1, 6))),
        lambda _: -310,
        _BOTH,
    ),
    Plant("C17", "time-zone cut-off", _after_hours, lambda _: -410, _BOTH),
    Plant(
        "C17",
        "unposted refund",
        lambda e: unposted(e, first(e.balance_transactions, lambda b: b.kind == "refund").id),
        lambda e: -first(e.balance_transactions, lambda b: b.kind == "refund").net.minor,
        frozenset({"C14", "C36"}),
    ),
    Plant(
        "C17",
        "unposted dispute",
        lambda e: unposted(e, e.disputes[0].id),
        lambda e: (e.disputes[0].amount + e.disputes[0].fee).minor,
        frozenset({"C14", "C36", "C21"}),
    ),
)
