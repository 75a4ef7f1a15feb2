"""Putting one document against another: what may be applied, and what it relieves in base currency."""

from __future__ import annotations

from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.indexes import named
from simulators.netsuite.rules.kinds import TRANSACTIONS, status
from simulators.netsuite.rules.rates import share
from simulators.netsuite.rules.records import Transaction
from simulators.netsuite.rules.refusal import invalid_value, user_error

Puts = dict[str, int]


def puts(row: Transaction | None) -> Puts:
    """What a document puts against which: its applications, and the deposit that an application uses."""
    if row is None:
        return {}
    found = dict(row.applied)
    if row.deposit:
        found[row.deposit] = found.get(row.deposit, 0) + row.used
    return found


def check(company: Company, before: Transaction | None, draft: Transaction) -> None:
    """Refuse applications that the vendor refuses."""
    was = puts(before)
    for doc, amount in puts(draft).items():
        target = company.transaction(doc)
        if target is None:
            raise invalid_value("apply.doc", doc)
        if target.customer != draft.customer:
            raise user_error(
                f"Document {target.number} belongs to another customer and cannot be applied to."
            )
        if target.currency != draft.currency:
            raise user_error(f"Document {target.number} is in another currency and cannot be applied to.")
        if target.state != "2" and doc not in was:
            raise user_error(f"Document {target.number} is not approved and cannot be applied to.")
        if amount - was.get(doc, 0) > target.remaining:
            raise user_error(f"You cannot apply more than the remaining amount of document {target.number}.")


def relieve(company: Company, before: Transaction | None, draft: Transaction) -> Puts:
    """Base amounts that the applications take off their documents, at the documents' own rates."""
    was, relieved = puts(before), before.relieved if before else {}
    found: Puts = {}
    for doc, amount in puts(draft).items():
        target = company.transaction(doc)
        assert target is not None
        # What settles the rest takes the rest, so that nothing of a paid document stays in base.
        if amount == target.remaining + was.get(doc, 0) and not target.used:
            found[doc] = target.base_total - target.settled_base + relieved.get(doc, 0)
        elif amount == was.get(doc):
            found[doc] = relieved.get(doc, 0)
        else:
            found[doc] = share(amount, target.total, target.base_total)
    return found


def settle(company: Company, before: Transaction | None, after: Transaction | None) -> None:
    """Write the applications down in the documents they are put against."""
    source = after or before
    assert source is not None
    was, now = puts(before), puts(after)
    base_was = before.relieved if before else {}
    base_now = after.relieved if after else {}
    for doc in dict.fromkeys((*was, *now)):
        delta = now.get(doc, 0) - was.get(doc, 0)
        target = company.transaction(doc)
        if target is None:
            continue
        target.settled_base += base_now.get(doc, 0) - base_was.get(doc, 0)
        if not delta:
            continue
        target.settled += delta
        target.modified_at = company.clock.now()
        company.touch(target.kind, target.id)
        company.history.note(
            TRANSACTIONS[target.kind].history,
            target.id,
            "applied" if delta > 0 else "unapplied",
            status(target)[1],
            refs=named(target.external, target.number, source.id, source.external, source.number),
            amount=abs(delta),
            currency=target.currency,
        )
