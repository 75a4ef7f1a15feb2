"""Payments, clearing, payouts and the bank of a month, straight from the books: both sides of controls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from scenarios.checkers.apart import Books, Row, books
from scenarios.checkers.days import month_end
from scenarios.checkers.findings import totals
from scenarios.checkers.lookups import returned_debits
from scenarios.checkers.month_books import cut_off, posted
from scenarios.evidence.payments import BalanceEntry, Payout
from scenarios.evidence.run import Evidence

CASH, CLEARING = "1000", "1010"
_OF_PAYOUTS = ("payout", "payout_failure", "payout_cancel")
_SAID = re.compile(r"Dispute (\S+): (\w+)")
_SILENT = ("inquiry", "closed")
_CALLED = ("won", "lost", "needs_response", "under_review")


@dataclass(frozen=True, slots=True)
class _Processor:
    """The processor's balance as it stood at a month's end. payouts: by id; gone: those that the bank sent
    back; disputes: ids; returned: those of them that are debits sent back; intents: by charge."""

    cut: int
    entries: tuple[BalanceEntry, ...]
    payouts: Mapping[str, Payout]
    gone: frozenset[str]
    disputes: frozenset[str]
    intents: Mapping[str, str]
    returned: frozenset[str]

    def sent(self, entry: BalanceEntry) -> str:
        """The payout that an entry is in, if that was made by then."""
        return entry.payout if entry.payout in self.payouts else ""

    def left(self, name: str) -> bool:
        """Whether a payout had arrived, or come back."""
        payout = self.payouts.get(name)
        return payout is not None and (0 < payout.paid_at < self.cut or name in self.gone)


def _processor(evidence: Evidence, month: str) -> _Processor:
    cut, held = cut_off(month), evidence.payments
    entries = tuple(e for e in held.balance if e.created_at < cut)
    return _Processor(
        cut,
        entries,
        {p.id: p for p in held.payouts if p.created_at < cut},
        frozenset(e.source for e in entries if e.kind == "payout_failure"),
        frozenset(d.id for d in held.disputes),
        {c.id: c.intent for c in held.charges},
        frozenset(d.id for d in returned_debits(evidence).values()),
    )


def payments(evidence: Evidence, month: str) -> Books:
    """C13: what billing has of payments, refunds, disputes and debits that came back, against the processor's
    own. A debit is under way for days: it is taken when it enters the balance."""
    cut, processor = cut_off(month), evidence.payments
    entered = {e.source: e.created_at for e in processor.balance}
    paid = [c for c in processor.charges if c.status == "succeeded"]
    taken = [c for c in paid if entered.get(c.id, c.created_at) < cut]
    backs = {d.id: d for d in returned_debits(evidence).values() if d.created_at < cut}
    given = [r for r in processor.refunds if r.created_at < cut]
    called = {d.id: d for d in processor.disputes if d.created_at < cut}
    right = [Row(("payment", c.intent or c.id), c.amount, c.currency, _in("succeeded")) for c in taken]
    # One that comes back is out until it does.
    later = {e.source for e in processor.balance if e.kind == "refund_failure" and e.created_at >= cut}
    right += [
        Row(("refund", r.id), r.amount, r.currency, _in("succeeded"))
        for r in given
        if r.status == "succeeded" or r.id in later
    ]
    right += [
        Row(("dispute", d.id), d.amount, d.currency)
        for d in called.values()
        if d.closed_at >= cut or d.status in _CALLED
    ]
    right += [Row(("return", d.id), d.amount, d.currency, _in("succeeded")) for d in backs.values()]
    refunds = {r.id for r in given} | set(backs)
    left = [
        replace(row, key=("return", row.key[1])) if row.key[1] in backs else row
        for row in _in_billing(evidence, cut, {c.intent for c in taken}, refunds)
    ]
    for invoice in evidence.billing.invoices:
        said = _SAID.fullmatch(invoice.remark)
        if said and said[1] in called and said[2] not in _SILENT:
            dispute = called[said[1]]
            left.append(Row(("dispute", dispute.id), dispute.amount, dispute.currency))
    return books(left, right)


def _in_billing(evidence: Evidence, cut: int, intents: set[str], refunds: set[str]) -> Iterator[Row]:
    transfers = {line.transfer for line in evidence.bank.lines if line.transfer}  # no processor is in them
    for paid in evidence.billing.payments:
        if paid.reference in transfers:
            continue
        state = "succeeded" if paid.status == "Processed" else paid.status.lower()
        if state != "failed" and (paid.reference in intents or paid.created_at < cut):
            yield Row(("payment", paid.reference or paid.id), paid.amount, paid.currency, _in(state))
    for back in evidence.billing.refunds:
        if back.reference in transfers:
            continue
        early = back.created_at < cut and back.reference
        if back.status == "Processed" and (back.reference in refunds or early):
            yield Row(("refund", back.reference or back.id), back.amount, back.currency, _in("succeeded"))


def _in(state: str) -> tuple[tuple[str, str], ...]:
    return (("status", state),)


def clearing(evidence: Evidence, month: str) -> Books:
    """C14: each entry of the processor's balance as it is to be booked, against the clearing account."""
    seen = _processor(evidence, month)
    fees = totals(
        (seen.sent(e), e.fee)
        for e in seen.entries
        if seen.sent(e) and e.kind != "payout" and e.source not in seen.disputes
    )
    names = {_booked_as(seen, e): _entry_key(seen, e) for e in seen.entries}
    external = _names(evidence)
    return books(
        (Row(_entry_key(seen, e), _worth(seen, e, fees), e.currency) for e in seen.entries),
        (
            Row(
                names.get(name) or names.get(_handed_on(name), ("", "", name or line.document)),
                line.debit - line.credit,
                line.currency,
            )
            for line in posted(evidence, CLEARING, month_end(month))
            for name in (external.get(line.document, ""),)
        ),
        one_to_one=False,
    )


def _handed_on(name: str) -> str:
    """The payment that one entity of ours took in for another, of the entry that says so."""
    return name.removeprefix("IC-CASH-").rpartition("-")[0] if name.startswith("IC-CASH-") else ""


def _entry_key(seen: _Processor, entry: BalanceEntry) -> tuple[str, str, str]:
    return ("dispute" if entry.source in seen.disputes else entry.kind, entry.currency, entry.id)


def _worth(seen: _Processor, entry: BalanceEntry, fees: Mapping[str, int]) -> int:
    """Disputes net; payouts when they have left, with the fees of what they bring; the rest gross."""
    if entry.source in seen.disputes:
        return entry.net
    if entry.kind != "payout":
        return entry.gross
    name = seen.sent(entry) or entry.source
    return entry.net - fees.get(name, 0) if seen.left(name) else 0


def _booked_as(seen: _Processor, entry: BalanceEntry) -> str:
    if entry.source in seen.returned:
        return f"{entry.source}-returned"
    if entry.source in seen.disputes:
        return f"{entry.source}-{'won' if entry.gross > 0 else 'withdrawn'}"
    name = seen.intents.get(entry.source, entry.source)
    return f"{name}-failed" if entry.kind in (*_OF_PAYOUTS[1:], "refund_failure") else name


def _names(evidence: Evidence) -> dict[str, str]:
    erp = evidence.erp
    groups = (erp.invoices, erp.credit_memos, erp.receipts, erp.refunds, erp.journals)
    return {row.id: row.external for rows in groups for row in rows}


def composition(evidence: Evidence, month: str) -> Books:
    """C15: what a payout brings, against the payout."""
    seen = _processor(evidence, month)
    return books(
        (
            Row((entry.payout, entry.currency), entry.net, entry.currency, _towards(1))
            for entry in seen.entries
            if seen.sent(entry) and not (entry.kind in _OF_PAYOUTS and entry.source == entry.payout)
        ),
        (Row((p.id, p.currency), p.amount, p.currency, _towards(p.amount)) for p in seen.payouts.values()),
        one_to_one=False,
    )


def _towards(amount: int) -> tuple[tuple[str, str], ...]:
    return (("direction", "to the bank" if amount >= 0 else "from the bank"),)


def arrivals(evidence: Evidence, month: str) -> Books:
    """C16: payouts against the lines of the bank that carry their trace; what came back is never in order."""
    seen = _processor(evidence, month)
    end = month_end(month)
    lines = [line for line in evidence.bank.lines if line.trace and line.on < end]
    return books(
        (Row((p.id,), p.amount, p.currency, _state(gone=False)) for p in seen.payouts.values()),
        (
            Row(
                (line.trace if line.trace in seen.payouts else line.id,),
                line.amount,
                line.currency,
                _state(gone=line.trace in seen.gone),
            )
            for line in lines
        ),
    )


def _state(*, gone: bool) -> tuple[tuple[str, str], ...]:
    return (("arrival", "returned" if gone else "arrived"),)


def statements(evidence: Evidence, month: str) -> Books:
    """C19: the bank's closing balances against cash in the ledger; without an account it holds nothing."""
    end = month_end(month)
    currency = {account.id: account.currency for account in evidence.bank.accounts}
    closing = dict.fromkeys(currency, 0)
    closing |= {line.account: line.balance for line in evidence.bank.lines if line.on < end}
    cash = list(posted(evidence, CASH, end))
    return books(
        [
            *(Row((CASH, currency[name]), balance, currency[name]) for name, balance in closing.items()),
            *(Row((CASH, line.currency), 0, line.currency) for line in cash),
        ],
        (Row((CASH, line.currency), line.debit - line.credit, line.currency) for line in cash),
        one_to_one=False,
    )
