"""Questions to billing, payments and sales: small queries of their own, answered to the cent.

All read the Evidence alone. A customer is named by its key, a document by the date on it; LookupError
where there is no such document, or more than one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TypeVar

from scenarios.checkers.findings import major
from scenarios.evidence.billing import BillingCreditNote, BillingInvoice, Subscription
from scenarios.evidence.run import Evidence
from scenarios.scripted.script import Ask

T = TypeVar("T")


def only(what: str, found: Iterable[T]) -> T:
    """The one there is."""
    items = list(found)
    if len(items) != 1:
        raise LookupError(f"{len(items) or 'no'} {what}")
    return items[0]


def amounts(items: Iterable[tuple[int, str]], none: str = "nothing") -> str:
    """The sum in each currency, "nothing" where there is none of any."""
    sums: dict[str, int] = {}
    for amount, currency in items:
        sums[currency] = sums.get(currency, 0) + amount
    return ", ".join(major(sums[currency], currency) for currency in sorted(sums)) or none


def invoices_of(evidence: Evidence, party: str) -> list[BillingInvoice]:
    """Posted ones of a customer, by date and number."""
    own = {a.id for a in evidence.billing.accounts if a.crm_account == party}
    found = [i for i in evidence.billing.invoices if i.account in own and i.status == "Posted"]
    return sorted(found, key=lambda i: (i.date, i.number))


def notes_of(evidence: Evidence, party: str) -> list[BillingCreditNote]:
    """Posted ones of a customer, by date and number."""
    own = {a.id for a in evidence.billing.accounts if a.crm_account == party}
    found = [n for n in evidence.billing.credit_notes if n.account in own and n.status == "Posted"]
    return sorted(found, key=lambda n: (n.date, n.number))


def subscription_of(evidence: Evidence, party: str, contract: str = "") -> Subscription:
    """The one contract of that name."""
    name = f"S-OPP-{party}{contract and '-' + contract}-01"
    return only(f"contract {name}", (s for s in evidence.billing.subscriptions if s.number == name))


def _invoice(party: str, on: str, what: str, part: Callable[[BillingInvoice], int]) -> Ask:
    def of(evidence: Evidence) -> str:
        found = [i for i in invoices_of(evidence, party) if i.date == on]
        one = only(f"invoices of {party} dated {on}", found)
        return major(part(one), one.currency)

    return Ask(f"{party}'s invoice of {on}, {what}", of)


def invoice_net(party: str, on: str) -> Ask:
    """Before tax."""
    return _invoice(party, on, "net", lambda i: i.net)


def invoice_tax(party: str, on: str) -> Ask:
    """The tax on it."""
    return _invoice(party, on, "tax", lambda i: i.tax)


def invoice_total(party: str, on: str) -> Ask:
    """With tax."""
    return _invoice(party, on, "total", lambda i: i.total)


def invoice_open(party: str, on: str) -> Ask:
    """What is still to pay."""
    return _invoice(party, on, "still open", lambda i: i.balance)


def invoice_due(party: str, on: str) -> Ask:
    """The day on which it has to be paid."""

    def of(evidence: Evidence) -> str:
        found = [i for i in invoices_of(evidence, party) if i.date == on]
        return only(f"invoices of {party} dated {on}", found).due

    return Ask(f"{party}'s invoice of {on} is due on", of)


def deal_state(deal: str) -> Ask:
    """What sales sees of a won deal, by its key."""

    def of(evidence: Evidence) -> str:
        return only(f"deals {deal}", [o for o in evidence.crm.opportunities if o.key == deal]).status

    return Ask(f"sales sees {deal} as", of)


def invoice_dates(party: str) -> Ask:
    """The dates of all invoices."""
    return Ask(f"{party} was invoiced on", lambda e: ", ".join(i.date for i in invoices_of(e, party)))


def invoice_lines(party: str, on: str) -> Ask:
    """Product, first and last day of service and net of each line of an invoice."""

    def of(evidence: Evidence) -> str:
        one = only(
            f"invoices of {party} dated {on}", [i for i in invoices_of(evidence, party) if i.date == on]
        )
        lines = sorted(one.lines, key=lambda line: (line.start, line.net, line.product))
        return "; ".join(
            f"{x.product} {x.start} to {_day_before(x.end)} {major(x.net, one.currency)}" for x in lines
        )

    return Ask(f"lines of {party}'s invoice of {on}", of)


def _day_before(end: str) -> str:
    return (date.fromisoformat(end) - timedelta(days=1)).isoformat()


def billed_net(party: str) -> Ask:
    """Invoices less credits, before tax."""

    def of(evidence: Evidence) -> str:
        return amounts(
            [
                *((i.net, i.currency) for i in invoices_of(evidence, party)),
                *((-n.net, n.currency) for n in notes_of(evidence, party)),
            ]
        )

    return Ask(f"billed to {party} less credits, net", of)


def credited(party: str) -> Ask:
    """All credit notes, with tax."""
    return Ask(
        f"credited to {party}, total", lambda e: amounts((n.total, n.currency) for n in notes_of(e, party))
    )


def credit_left(party: str) -> Ask:
    """What of the credits is neither used nor paid out."""
    return Ask(
        f"credit that {party} still has",
        lambda e: amounts((n.unapplied, n.currency) for n in notes_of(e, party)),
    )


def open_in_billing(party: str) -> Ask:
    """What the customer owes, credits not set off."""
    return Ask(
        f"open invoices of {party} in billing",
        lambda e: amounts((i.balance, i.currency) for i in invoices_of(e, party)),
    )


def on_account(party: str) -> Ask:
    """What the customer paid and no invoice has taken."""

    def of(evidence: Evidence) -> str:
        own = {a.id for a in evidence.billing.accounts if a.crm_account == party}
        back: dict[str, int] = {}
        for refund in evidence.billing.refunds:
            back[refund.payment] = back.get(refund.payment, 0) + refund.amount
        left = [
            (p.amount - sum(a.amount for a in p.applied) - back.get(p.number, 0), p.currency)
            for p in evidence.billing.payments
            if p.account in own
        ]
        return amounts((minor, currency) for minor, currency in left if minor)

    return Ask(f"on account of {party} in billing", of)


def contract_status(party: str, contract: str = "") -> Ask:
    """Active, Cancelled, Suspended or Expired."""
    return Ask(
        f"contract of {party}{contract and ' ' + contract} is",
        lambda e: subscription_of(e, party, contract).status,
    )


def contract_ends(party: str, contract: str = "") -> Ask:
    """The first day without service."""
    return Ask(
        f"contract of {party}{contract and ' ' + contract} ends",
        lambda e: subscription_of(e, party, contract).end or "never",
    )


def mirror(party: str, on: str) -> Ask:
    """What sales sees of an invoice."""

    def of(evidence: Evidence) -> str:
        number = only(
            f"invoices of {party} dated {on}", [i for i in invoices_of(evidence, party) if i.date == on]
        ).number
        return only(f"mirrors of {number}", [m for m in evidence.crm.invoices if m.number == number]).status

    return Ask(f"sales sees {party}'s invoice of {on} as", of)


def _intents(evidence: Evidence, party: str) -> set[str]:
    numbers = {i.number for i in invoices_of(evidence, party)}
    return {i.id for i in evidence.payments.intents if i.invoice in numbers}


def offered(party: str, on: str) -> Ask:
    """What the payer of an invoice may choose from."""

    def of(evidence: Evidence) -> str:
        found = [i for i in invoices_of(evidence, party) if i.date == on]
        number = only(f"invoices of {party} dated {on}", found).number
        return only(
            f"requests of {number}", [i for i in evidence.payments.intents if i.invoice == number]
        ).offered

    return Ask(f"{party} may pay the invoice of {on} by", of)


def collected(party: str) -> Ask:
    """What the processor took, refunds not set off."""

    def of(evidence: Evidence) -> str:
        own = _intents(evidence, party)
        charges = evidence.payments.charges
        return amounts((c.amount, c.currency) for c in charges if c.intent in own and c.status == "succeeded")

    return Ask(f"collected from {party}", of)


def requests(party: str) -> Ask:
    """How many payments were asked for."""
    return Ask(f"payments asked of {party}", lambda e: str(len(_intents(e, party))))


def declines(party: str) -> Ask:
    """How many charges were declined."""

    def of(evidence: Evidence) -> str:
        own = _intents(evidence, party)
        return str(sum(c.intent in own and c.status == "failed" for c in evidence.payments.charges))

    return Ask(f"declined charges of {party}", of)


def refunded(party: str) -> Ask:
    """What the processor gave back."""

    def of(evidence: Evidence) -> str:
        own = _intents(evidence, party)
        back = evidence.payments.refunds
        return amounts((r.amount, r.currency) for r in back if r.intent in own and r.status == "succeeded")

    return Ask(f"refunded to {party}", of)


def payouts() -> Ask:
    """Every payout to the bank with its state, in order."""

    def of(evidence: Evidence) -> str:
        found = sorted(evidence.payments.payouts, key=lambda p: (p.created_at, p.id))
        return "; ".join(f"{p.status} {major(p.amount, p.currency)}" for p in found) or "none"

    return Ask("payouts to the bank", of)
