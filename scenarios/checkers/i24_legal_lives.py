"""I-24: every object lives a legal life: no step its life does not allow, no refund before its capture."""

from __future__ import annotations

from collections.abc import Mapping, Set

from scenarios.checkers.findings import distinct, major
from scenarios.checkers.lookups import links
from scenarios.evidence.run import Change, Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

_DONE = {"succeeded", "canceled"}
_OPEN = {
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
    "requires_capture",
    "processing",
}

# (system, kind in lower case without "_" and "__c") -> state -> states that may follow.
# An object may start in any of the states; staying in a state is always legal.
MAY: Mapping[tuple[str, str], Mapping[str, Set[str]]] = {
    ("zuora", "invoice"): {
        "Draft": {"Posted", "Canceled"},
        "Posted": {"Reversed"},
        "Reversed": set(),
        "Canceled": set(),
    },
    ("zuora", "creditmemo"): {
        "Draft": {"Posted", "Canceled"},
        "Posted": {"Reversed"},
        "Reversed": set(),
        "Canceled": set(),
    },
    ("zuora", "subscription"): {
        "Draft": {"Active", "Cancelled"},
        "Active": {"Cancelled", "Expired", "Suspended"},
        "Suspended": {"Active", "Cancelled"},
        # A late renewal wakes an expired one up.
        "Expired": {"Active", "Cancelled"},
        "Cancelled": set(),
    },
    ("salesforce", "invoice"): {
        "Posted": {"Payment Failed", "Paid", "Refunded"},
        "Payment Failed": {"Paid", "Refunded"},
        "Paid": {"Refunded"},
        "Refunded": set(),
    },
    ("stripe", "paymentintent"): {
        "requires_payment_method": _OPEN | _DONE,
        "requires_confirmation": _OPEN | _DONE,
        "requires_action": _OPEN | _DONE,
        "processing": {"requires_payment_method", "requires_capture"} | _DONE,
        "requires_capture": _DONE,
        "succeeded": set(),
        "canceled": set(),
    },
    ("stripe", "charge"): {"pending": {"succeeded", "failed"}, "succeeded": set(), "failed": set()},
    ("stripe", "refund"): {
        "pending": {"requires_action", "succeeded", "failed", "canceled"},
        "requires_action": {"succeeded", "failed", "canceled"},
        "succeeded": {"failed"},
        "failed": set(),
        "canceled": set(),
    },
    ("stripe", "dispute"): {
        "warning_needs_response": {"warning_under_review", "warning_closed", "needs_response"},
        "warning_under_review": {"warning_closed", "needs_response"},
        "warning_closed": set(),
        "needs_response": {"under_review", "won", "lost"},
        "under_review": {"won", "lost"},
        "won": set(),
        "lost": set(),
    },
    ("stripe", "payout"): {
        "pending": {"in_transit", "paid", "failed", "canceled"},
        "in_transit": {"paid", "failed", "canceled"},
        "paid": {"failed"},
        "failed": set(),
        "canceled": set(),
    },
    ("avatax", "taxdocument"): {
        "Uncommitted": {"Saved", "Posted", "Committed", "Cancelled"},
        "Saved": {"Posted", "Committed", "Cancelled", "Adjusted"},
        "Posted": {"Committed", "Cancelled", "Adjusted"},
        "Committed": {"Cancelled", "Adjusted"},
        "Cancelled": set(),
        # The next revision goes on under the same code.
        "Adjusted": {"Saved", "Posted", "Committed"},
    },
    # Paid In Full -> Open would be money taken off an invoice again; refunds go out of credit memos.
    ("netsuite", "invoice"): {
        "Open": {"Paid In Full", "deleted"},
        "Paid In Full": set(),
        "deleted": set(),
    },
}
# What a debit that came back makes of an invoice that it had paid.
_OWED_AGAIN: Mapping[tuple[str, str], Mapping[str, Set[str]]] = {
    ("salesforce", "invoice"): {"Paid": {"Payment Failed"}, "Refunded": {"Payment Failed"}},
    ("netsuite", "invoice"): {"Paid In Full": {"Open"}},
}
_ALSO = {"crminvoice": "invoice", "creditnote": "creditmemo", "transaction": "taxdocument"}


def check(evidence: Evidence) -> Verdict:
    """Walk each object's states in version order through its table; a state the table does not know
    is as illegal as a step. Refunds are not older than the charge they give back."""
    witnesses = []
    lives: dict[tuple[str, str, str], list[Change]] = {}
    for change in evidence.changes:
        kind = change.kind.lower().removesuffix("__c").replace("_", "")
        kind = _ALSO.get(kind, kind)
        if (change.system, kind) in MAY and change.state:
            lives.setdefault((change.system, kind, change.id), []).append(change)
    owed_again = _owed_again(evidence)
    for (system, kind, id_), changes in lives.items():
        may = MAY[system, kind]
        if id_ in owed_again and (system, kind) in _OWED_AGAIN:
            also = _OWED_AGAIN[system, kind]
            may = {state: may[state] | also.get(state, set()) for state in may}
        before = ""
        for change in sorted(changes, key=lambda c: c.version):
            state = change.state
            if state not in may:
                step = f"entered the unknown state {state}"
            elif before and state != before and state not in may.get(before, set()):
                step = f"went from {before} to {state}"
            else:
                before = state
                continue
            said = f"{system} {kind} {id_} {step} (version {change.version})"
            names = distinct(id_, *change.refs, change.cause)
            witnesses.append(Witness("other", names, said, change.amount, change.currency))
            before = state
    witnesses += _refunds(evidence)
    return judged("I-24", len(lives) + len(evidence.payments.refunds), witnesses)


def _owed_again(evidence: Evidence) -> set[str]:
    """Names in CRM and ledger of the invoices of which a payment came back."""
    known = links(evidence)
    numbers = {known.intents[d.intent].invoice for d in known.returned.values() if d.intent in known.intents}
    found = {i.id for i in evidence.crm.invoices if i.number in numbers}
    return found | numbers | {i.id for i in evidence.erp.invoices if i.external in numbers}


def _refunds(evidence: Evidence) -> list[Witness]:
    from_charge = {charge.id: charge for charge in evidence.payments.charges}
    found = []
    for refund in evidence.payments.refunds:
        charge = from_charge.get(refund.charge)
        if charge is None or refund.created_at < charge.created_at:
            why = "without a charge" if charge is None else f"before its charge {charge.id}"
            said = f"refund {refund.id} over {major(refund.amount, refund.currency)} came {why}"
            names = distinct(refund.id, refund.charge, refund.intent)
            found.append(Witness("other", names, said, refund.amount, refund.currency))
    return found
