"""How one transaction is followed from system to system: indexes, keys and the words for breaches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from scenarios.evidence import (
    BillingCreditNote,
    BillingInvoice,
    Charge,
    CrmOpportunity,
    Evidence,
    PaymentIntent,
    ProcessorRefund,
    Witness,
)

T = TypeVar("T")
EXPONENT = {"JPY": 0, "KRW": 0, "CLP": 0, "VND": 0, "BHD": 3, "KWD": 3, "TND": 3, "OMR": 3, "JOD": 3}
DEAD = frozenset({"Canceled", "Cancelled", "Error", "Failed", "Voided"})
PAYOUT_KINDS = frozenset({"payout", "payout_failure", "payout_cancel"})


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


class _Numbered(_Identified, Protocol):
    @property
    def number(self) -> str: ...


N = TypeVar("N", bound=_Numbered)
I = TypeVar("I", bound=_Identified)  # noqa: E741 - one letter, as for every type variable


@dataclass(frozen=True, slots=True)
class Links:
    """Every way from one object to its kin. Where two systems name a document by id or by number,
    both are keys, so that a law need not know which one a reference carries."""

    account_key: Mapping[str, str]
    erp_key: Mapping[str, str]
    subscriptions: Mapping[str, str]
    invoices: Mapping[str, BillingInvoice]
    credit_notes: Mapping[str, BillingCreditNote]
    notes_of: Mapping[str, Sequence[BillingCreditNote]]
    intents: Mapping[str, PaymentIntent]
    intents_of: Mapping[str, Sequence[PaymentIntent]]
    charges_of: Mapping[str, Sequence[Charge]]
    refunds_of: Mapping[str, Sequence[ProcessorRefund]]
    stuck: tuple[str, ...]


def links(evidence: Evidence) -> Links:
    """Index the books once; every law starts from here."""
    billing, payments = evidence.billing, evidence.payments
    return Links(
        account_key={name: a.crm_account for name, a in by_name(billing.accounts).items()},
        erp_key={c.id: c.external for c in evidence.erp.customers},
        subscriptions={name: s.number for name, s in by_name(billing.subscriptions).items()},
        invoices=by_name(billing.invoices),
        credit_notes=by_name(billing.credit_notes),
        notes_of=grouped(billing.credit_notes, lambda n: n.invoice),
        intents={i.id: i for i in payments.intents},
        intents_of=grouped(payments.intents, lambda i: i.invoice),
        charges_of=grouped(payments.charges, lambda c: c.intent),
        refunds_of=grouped(payments.refunds, lambda r: r.intent),
        stuck=tuple(p.key for p in evidence.parked if p.unrecoverable),
    )


def grouped(items: Iterable[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    """Items by key, in their own order."""
    found: dict[str, list[T]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def by_name(items: Sequence[N]) -> dict[str, N]:
    """Items by id and by number; a number wins over an equal id."""
    return {**{item.id: item for item in items}, **{item.number: item for item in items}}


def won(evidence: Evidence) -> list[CrmOpportunity]:
    """Closed-won opportunities, in the order in which they were won."""
    found = [o for o in evidence.crm.opportunities if o.stage == "Closed Won"]
    return sorted(found, key=lambda o: (o.closed_at, o.key))


def crm_keys(evidence: Evidence) -> dict[str, str]:
    """CRM account by id or key -> its key."""
    accounts = evidence.crm.accounts
    return {**{a.id: a.key for a in accounts}, **{a.key: a.key for a in accounts}}


def captures(evidence: Evidence) -> list[Charge]:
    """Charges that took money."""
    return [c for c in evidence.payments.charges if c.status == "succeeded"]


def named_in(key: str, text: str) -> bool:
    """Whether `text` names exactly `key`, and not just a longer key that begins or ends alike."""
    return bool(key) and bool(re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", text))


def excused(known: Links, *keys: str) -> bool:
    """Whether one of the keys waits in the exception queue for a human, marked unrecoverable."""
    return any(named_in(key, parked) for parked in known.stuck for key in keys)


def escalated(count: int) -> str:
    """The note of a verdict that skipped `count` objects."""
    return f"{count} escalated, waiting for a human" if count else ""


def invoice_keys(known: Links, number: str) -> tuple[str, ...]:
    """The business keys of a billing invoice: its number, and account with date."""
    invoice = known.invoices.get(number)
    if invoice is None:
        return (number,)
    return (number, f"{known.account_key.get(invoice.account, invoice.account)}:{invoice.date}")


def about_invoice(known: Links, number: str, *more: str) -> tuple[str, ...]:
    """All names under which the story of an invoice can be collected."""
    invoice = known.invoices.get(number)
    names = [number]
    if invoice is not None:
        names = [known.account_key.get(invoice.account, invoice.account), invoice.number, invoice.id]
        for line in invoice.lines:
            subscription = known.subscriptions.get(line.subscription, line.subscription)
            names += [subscription, subscription.removeprefix("S-")]
    for intent in known.intents_of.get(number, ()):
        names += [intent.id, *(c.id for c in known.charges_of.get(intent.id, ()))]
        names += [refund.id for refund in known.refunds_of.get(intent.id, ())]
    names += [note.number for note in known.notes_of.get(number, ())]
    return distinct(*names, *more)


def about_intent(known: Links, intent: str, *more: str) -> tuple[str, ...]:
    """All names under which the story of a payment can be collected."""
    found = known.intents.get(intent)
    if found is None:
        return distinct(intent, *more)
    return distinct(intent, *about_invoice(known, found.invoice), *more)


def about_note(known: Links, number: str, *more: str) -> tuple[str, ...]:
    """All names under which the story of a credit note can be collected."""
    note = known.credit_notes.get(number)
    if note is None:
        return distinct(number, *more)
    names = (known.account_key.get(note.account, note.account), note.number, note.id)
    rest = about_invoice(known, note.invoice) if note.invoice else ()
    return distinct(*names, *rest, *more)


def distinct(*names: str) -> tuple[str, ...]:
    """The names without blanks and repeats, in order."""
    return tuple(dict.fromkeys(name for name in names if name))


def major(amount: int, currency: str) -> str:
    """12345 EUR -> "123.45 EUR"."""
    places = EXPONENT.get(currency, 2)
    digits = str(abs(amount)).rjust(places + 1, "0")
    whole = digits if not places else f"{digits[:-places]}.{digits[-places:]}"
    return f"{'-' if amount < 0 else ''}{whole} {currency}".rstrip()


def exactly_one(
    what: str, found: Sequence[I], subjects: tuple[str, ...], amount: int, currency: str
) -> list[Witness]:
    """None is a loss; every one too many is a duplicate."""
    if len(found) == 1:
        return []
    if not found:
        said = f"{what} is missing ({major(amount, currency)})" if currency else f"{what} is missing"
        return [Witness("lost", subjects, said, amount, currency)]
    extra = amount * (len(found) - 1)
    said = f"{what} exists {len(found)} times"
    said += f", {major(extra, currency)} too much" if currency else ""
    names = distinct(*subjects, *(item.id for item in found))
    return [Witness("duplicated", names, said, extra, currency)]


def unequal(what: str, is_now: int, due: int, currency: str, subjects: tuple[str, ...]) -> list[Witness]:
    """A figure that is not what it should be."""
    if is_now == due:
        return []
    said = f"{what} is {major(is_now, currency)}, should be {major(due, currency)}"
    return [Witness("wrong_amount", subjects, said, is_now - due, currency)]


def differs(what: str, is_now: str, due: str, subjects: tuple[str, ...]) -> list[Witness]:
    """A name or state that is not what it should be."""
    if is_now == due:
        return []
    return [Witness("other", subjects, f"{what} is {is_now or 'blank'}, should be {due or 'blank'}")]


def totals(items: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Sum per currency (or any other label)."""
    sums: dict[str, int] = {}
    for label, amount in items:
        sums[label] = sums.get(label, 0) + amount
    return sums


def ledger_totals(evidence: Evidence, account: str) -> dict[str, int]:
    """Debits less credits of one account, per currency."""
    lines = (line for line in evidence.erp.ledger if line.account == account)
    return totals((line.currency, line.debit - line.credit) for line in lines)
