"""I-17: one customer in every system for each account, one subscription for each won deal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from scenarios.checkers.findings import differs, distinct, escalated, exactly_one, grouped
from scenarios.checkers.lookups import Links, by_name, crm_keys, excused, links, won
from scenarios.evidence.billing import BillingAccount, Subscription
from scenarios.evidence.crm import CrmAccount, CrmOpportunity
from scenarios.evidence.erp import ErpCustomer
from scenarios.evidence.payments import PaymentCustomer
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

T = TypeVar("T", CrmAccount, BillingAccount, PaymentCustomer, ErpCustomer)


def check(evidence: Evidence) -> Verdict:
    """Both directions of each pairing by key: accounts with a won deal have exactly one partner in
    each system and no partner is without an account (a deleted account counts as merged away);
    each won deal gave exactly one order, and each new one exactly one subscription."""
    known = links(evidence)
    deals = won(evidence)
    key_of = crm_keys(evidence)
    keys = distinct(*(key_of.get(deal.account, deal.account) for deal in deals))
    witnesses, skipped = _customers(evidence, known, keys)
    more, also = _deals(evidence, known, deals, key_of)
    witnesses += more + _strays(evidence, deals)
    return judged("I-17", len(keys) + len(deals), witnesses, escalated(skipped + also))


def _customers(evidence: Evidence, known: Links, keys: Sequence[str]) -> tuple[list[Witness], int]:
    witnesses: list[Witness] = []
    skipped = 0

    def pair(what: str, items: Iterable[T], key: Callable[[T], str]) -> None:
        nonlocal skipped
        found = grouped(items, key)
        for wanted in keys:
            partners = found.get(wanted, [])
            if not partners and excused(known, wanted):
                skipped += 1
                continue
            names = distinct(wanted, *(p.id for p in partners))
            witnesses.extend(exactly_one(f"{what} of {wanted}", partners, names, 0, ""))

    crm = evidence.crm.accounts
    pair("CRM account", (a for a in crm if not a.deleted), lambda a: a.key)
    pair("billing customer", evidence.billing.accounts, lambda a: a.crm_account)
    pair("payment customer", evidence.payments.customers, lambda c: c.crm_account)
    pair("ERP customer", evidence.erp.customers, lambda c: c.external)
    for account in evidence.billing.accounts:
        names = distinct(account.crm_account, account.number, account.id)
        due = f"A-{account.crm_account}"
        witnesses += differs(f"number of billing customer {account.id}", account.number, due, names)
    return witnesses, skipped


def _deals(
    evidence: Evidence, known: Links, deals: list[CrmOpportunity], key_of: dict[str, str]
) -> tuple[list[Witness], int]:
    subscriptions = grouped(evidence.billing.subscriptions, lambda s: s.number)
    placed: dict[str, list[Subscription]] = {}
    for subscription in evidence.billing.subscriptions:
        for order in subscription.orders:
            placed.setdefault(order, []).append(subscription)
    witnesses: list[Witness] = []
    skipped = 0
    for key, same in grouped(deals, lambda d: d.key).items():
        names = distinct(key, *(d.id for d in same))
        witnesses += exactly_one(f"won deal {key}", same, names, 0, "")
    for deal in deals:
        new = deal.kind == "new"
        number, order = f"S-{deal.key if new else deal.original}", f"O-{deal.key}"
        found, orders = subscriptions.get(number, []), placed.get(order, [])
        if not (found and orders) and excused(known, deal.key, order, *([number] if new else [])):
            skipped += 1
            continue
        account = key_of.get(deal.account, deal.account)
        names = distinct(account, deal.key, number, order)
        if deal.status == "Withdrawn" and not found:
            continue  # taken back before anything was placed
        if new:
            witnesses += exactly_one(f"subscription {number} of {deal.key}", found, names, 0, "")
        witnesses += exactly_one(f"order {order} of {deal.kind} {deal.key}", orders, names, 0, "")
        for subscription in orders[:1]:
            witnesses += differs(f"subscription of order {order}", subscription.number, number, names)
            owner = known.account_key.get(subscription.account, "")
            witnesses += differs(f"customer of {subscription.number}", owner, account, names)
    return witnesses, skipped


def _strays(evidence: Evidence, deals: list[CrmOpportunity]) -> list[Witness]:
    """Partners, subscriptions and orders that nobody in the CRM asked for."""
    keys = {account.key for account in evidence.crm.accounts}
    numbers = {f"S-{deal.key}" for deal in deals if deal.kind == "new"}
    orders = {f"O-{deal.key}" for deal in deals}
    orders |= {f"O-{deal.key}-WITHDRAWN" for deal in deals if deal.status == "Withdrawn"}
    found = [
        *(("billing customer", a.id, a.crm_account) for a in evidence.billing.accounts),
        *(("payment customer", c.id, c.crm_account) for c in evidence.payments.customers),
        *(("ERP customer", c.id, c.external) for c in evidence.erp.customers),
    ]
    witnesses = [
        Witness("orphaned", distinct(id_, key), f"{what} {id_} belongs to no account ({key or 'blank'})")
        for what, id_, key in found
        if key not in keys
    ]
    owner = by_name(evidence.billing.accounts)
    for s in evidence.billing.subscriptions:
        account = owner.get(s.account)
        names = distinct(account.crm_account if account else s.account, s.number)
        if s.number not in numbers:
            witnesses.append(Witness("orphaned", names, f"subscription {s.number} has no won deal"))
        for order in (o for o in s.orders if o not in orders):
            said = f"order {order} in {s.number} has no won deal"
            witnesses.append(Witness("orphaned", (*names, order), said))
    return witnesses
