"""Questions to the ledger and to the tax engine: balances, months, periods, the sub-ledgers.

Account numbers are the company's own chart: 1000 bank, 1010 processor clearing, 1100 receivables, 2000
sales tax payable, 2100 deferred revenue, 2500 unapplied cash, 4000 revenue, 4900 credits, 6000 fees, 1200 and
6100 what is disputed and what is lost of it.
"""

from __future__ import annotations

from scenarios.checkers.findings import major
from scenarios.evidence.erp import ErpInvoice
from scenarios.evidence.run import Evidence
from scenarios.scripted.ask import amounts, invoices_of, notes_of, only
from scenarios.scripted.script import Ask

BANK, CLEARING, RECEIVABLE, TAX, DEFERRED = "1000", "1010", "1100", "2000", "2100"
UNAPPLIED, REVENUE, CREDITS, FEES = "2500", "4000", "4900", "6000"
DISPUTED, DISPUTE_LOSSES, DISPUTE_FEES, REFUNDS_PAYABLE = "1200", "6100", "6110", "2310"
USAGE_REVENUE, BAD_DEBT, UNBILLED, DEPOSITS = "4010", "6200", "1150", "2520"
RECOVERIES = "6210"
DUE_FROM, DUE_TO, BETWEEN_FEES, BETWEEN_COST = "1300", "2400", "4100", "5000"
_NAMES = {
    BANK: "bank", CLEARING: "processor clearing", RECEIVABLE: "receivables control account",
    TAX: "sales tax payable", DEFERRED: "deferred revenue", UNAPPLIED: "unapplied cash", REVENUE: "revenue",
    CREDITS: "refunds and credits", FEES: "processing fees", DISPUTED: "dispute receivable",
    DISPUTE_LOSSES: "dispute losses", DISPUTE_FEES: "dispute fees", USAGE_REVENUE: "usage revenue",
    BAD_DEBT: "bad debt expense", UNBILLED: "contract asset", DEPOSITS: "customer deposits",
    RECOVERIES: "bad debt recoveries",
    REFUNDS_PAYABLE: "refunds payable", DUE_FROM: "due from our other entities",
    DUE_TO: "due to our other entities", BETWEEN_FEES: "fees from our other entities",
    BETWEEN_COST: "fees to our other entities",
}  # fmt: skip
# Accounts whose balance is told as a credit.
_CREDITS = frozenset(
    {TAX, DEFERRED, UNAPPLIED, REVENUE, REFUNDS_PAYABLE, USAGE_REVENUE, DUE_TO, BETWEEN_FEES, DEPOSITS}
    | {RECOVERIES}
)


def side(account: str) -> int:
    """-1 for an account that is told as a credit."""
    return -1 if account in _CREDITS else 1


def _sum(evidence: Evidence, account: str, currency: str, first: str = "", last: str = "9999-99") -> str:
    sign = side(account)
    lines = (
        x
        for x in evidence.erp.ledger
        if x.account == account and x.currency == currency and first <= x.period <= last
    )
    return major(sign * sum(x.debit - x.credit for x in lines), currency)


def named(account: str) -> str:
    """What people call an account."""
    return f"{_NAMES.get(account, 'account')} ({account})"


def balance(account: str, currency: str = "USD", end: str = "") -> Ask:
    """At the end of everything, or of a month "YYYY-MM"; on the account's own side."""
    when = f" at the end of {end}" if end else ""
    return Ask(
        f"{named(account)}{when}, {currency}", lambda e: _sum(e, account, currency, "", end or "9999-99")
    )


def month(account: str, name: str, currency: str = "USD") -> Ask:
    """What was posted on an account in an accounting month."""
    return Ask(f"{named(account)} of {name}, {currency}", lambda e: _sum(e, account, currency, name, name))


def revenue(name: str, currency: str = "USD") -> Ask:
    """Revenue recognised in an accounting month."""
    return month(REVENUE, name, currency)


def customer(party: str) -> Ask:
    """Number, name and e-mail address that the ledger has of a customer."""

    def of(evidence: Evidence) -> str:
        own = only(f"customers {party}", [c for c in evidence.erp.customers if c.external == party])
        return f"{own.number}, {own.name}, {own.email}"

    return Ask(f"the ledger knows {party} as", of)


def receivable(party: str) -> Ask:
    """Open invoices less open credit memos of a customer in the sub-ledger."""

    def of(evidence: Evidence) -> str:
        own = {c.id for c in evidence.erp.customers if c.external == party}
        return amounts(
            [
                *((i.remaining, i.currency) for i in evidence.erp.invoices if i.customer in own),
                *((-m.remaining, m.currency) for m in evidence.erp.credit_memos if m.customer in own),
            ]
        )

    return Ask(f"receivable from {party} in the ledger", of)


def invoice_period(party: str, on: str) -> Ask:
    """The accounting month in which an invoice was posted."""
    return Ask(f"{party}'s invoice of {on} is posted in", lambda e: _posted(e, party, on).period)


def invoice_items(party: str, on: str) -> Ask:
    """What the ledger has on the lines of an invoice."""
    return Ask(f"{party}'s invoice of {on} is in the ledger for", lambda e: _posted(e, party, on).items)


def _posted(evidence: Evidence, party: str, on: str) -> ErpInvoice:
    found = [i for i in invoices_of(evidence, party) if i.date == on]
    number = only(f"invoices of {party} dated {on}", found).number
    return only(f"{number} in the ledger", [i for i in evidence.erp.invoices if i.external == number])


def receipts(party: str) -> Ask:
    """The accounting months and amounts of a customer's receipts."""

    def of(evidence: Evidence) -> str:
        own = {c.id for c in evidence.erp.customers if c.external == party}
        found = sorted((r.period, r.amount, r.currency) for r in evidence.erp.receipts if r.customer in own)
        return (
            "; ".join(f"{period} {major(amount, currency)}" for period, amount, currency in found) or "none"
        )

    return Ask(f"receipts from {party}", of)


def refund_months(party: str) -> Ask:
    """The accounting months and amounts of the money given back to a customer."""

    def of(evidence: Evidence) -> str:
        own = {c.id for c in evidence.erp.customers if c.external == party}
        found = sorted((r.period, r.amount, r.currency) for r in evidence.erp.refunds if r.customer in own)
        return (
            "; ".join(f"{period} {major(amount, currency)}" for period, amount, currency in found) or "none"
        )

    return Ask(f"refunds to {party} in the ledger", of)


def _documents(evidence: Evidence, party: str) -> set[str]:
    invoices, notes = invoices_of(evidence, party), notes_of(evidence, party)
    return {*(i.number for i in invoices), *(n.number for n in notes)}


def taxed(party: str) -> Ask:
    """Tax that the engine has committed for a customer's documents."""

    def of(evidence: Evidence) -> str:
        codes = _documents(evidence, party)
        found = (d for d in evidence.tax.documents if d.code in codes and d.status == "Committed")
        return amounts((d.tax, d.currency) for d in found)

    return Ask(f"tax committed for {party}", of)


def deferred(party: str) -> Ask:
    """Planned less recognised revenue of a customer's documents, by the ledger's own lines."""

    def of(evidence: Evidence) -> str:
        codes = _documents(evidence, party)
        plans = {s.external: s for s in evidence.erp.schedules if s.source in codes}
        left = [(s.amount, s.currency) for s in plans.values()]
        runs = {j.id for j in evidence.erp.journals if j.external.startswith("REV-")}
        left += [
            (x.debit - x.credit, x.currency)
            for x in evidence.erp.ledger
            if x.document in runs and x.account == REVENUE and x.memo in plans
        ]
        return amounts(left)

    return Ask(f"deferred revenue of {party}'s contract", of)


def fees_and_bank(currency: str = "USD") -> Ask:
    """What arrived at the bank and what the processor kept."""

    def of(evidence: Evidence) -> str:
        return f"{_sum(evidence, BANK, currency)} and {_sum(evidence, FEES, currency)}"

    return Ask(f"at the bank, and kept by the processor, {currency}", of)


def entity_month(entity: str, account: str, name: str) -> Ask:
    """What one legal entity posted on an account in an accounting month, on the account's own side."""
    sign = side(account)

    def of(evidence: Evidence) -> str:
        own = {each.id for each in evidence.erp.entities if each.key == entity}
        lines = (x for x in evidence.erp.ledger if x.account == account and x.period == name)
        return amounts((sign * (x.debit - x.credit), x.currency) for x in lines if x.entity in own)

    return Ask(f"{named(account)} of {name} in the books of {entity}", of)


def between(entity: str, account: str, name: str) -> Ask:
    """What one legal entity posted against its sisters in an accounting month, without remeasurement."""

    def of(evidence: Evidence) -> str:
        own = {each.id for each in evidence.erp.entities if each.key == entity}
        lines = (x for x in evidence.erp.ledger if x.account == account and x.period == name and x.partner)
        return amounts((side(account) * (x.debit - x.credit), x.currency) for x in lines if x.entity in own)

    return Ask(f"{named(account)} of {name} in the books of {entity}, between entities", of)


def customer_name(party: str) -> Ask:
    """What the ledger calls a customer."""

    def of(evidence: Evidence) -> str:
        return only(f"customers {party}", (c for c in evidence.erp.customers if c.external == party)).name

    return Ask(f"name of {party} in the ledger", of)
