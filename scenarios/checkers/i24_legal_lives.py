"""I-24: every object lives a legal life: no step its life does not allow, no refund before its capture."""

from __future__ import annotations

from collections.abc import Mapping

from scenarios.checkers.lookups import about_intent, distinct, major
from scenarios.evidence import Change, Evidence, Verdict, Witness, judged

_Life = Mapping[str, frozenset[str]]


def _life(**steps: str) -> _Life:
    """state=what may follow, comma-separated; "_" stands for a space in a state's own name."""
    return {state.replace("_", " "): frozenset(next_.split(",")) - {""} for state, next_ in steps.items()}


_INTENT = {
    "requires_payment_method": "requires_confirmation requires_action requires_capture processing "
    "succeeded canceled",
    "requires_confirmation": "requires_payment_method requires_action requires_capture processing "
    "succeeded canceled",
    "requires_action": "requires_payment_method requires_confirmation requires_capture processing "
    "succeeded canceled",
    "processing": "requires_payment_method requires_capture succeeded canceled",
    "requires_capture": "succeeded canceled",
    "succeeded": "",
    "canceled": "",
}
_PAYOUT = {
    "pending": "in_transit paid failed canceled",
    "in_transit": "paid failed canceled",
    "paid": "failed",
    "failed": "",
    "canceled": "",
}

# (system, kind in lower case without "_" and "__c") -> state -> states that may follow.
# An object may start in any of the states; staying in a state is always legal.
MAY: Mapping[tuple[str, str], _Life] = {
    ("zuora", "invoice"): _life(Draft="Posted,Canceled", Posted="Reversed", Reversed="", Canceled=""),
    ("zuora", "creditmemo"): _life(Draft="Posted,Canceled", Posted="Reversed", Reversed="", Canceled=""),
    ("zuora", "subscription"): _life(
        Draft="Active,Cancelled", Active="Cancelled,Expired", Expired="Active,Cancelled", Cancelled=""
    ),
    ("salesforce", "invoice"): _life(
        Posted="Payment Failed,Paid,Refunded", Payment_Failed="Paid,Refunded", Paid="Refunded", Refunded=""
    ),
    ("stripe", "paymentintent"): {k: frozenset(v.split()) for k, v in _INTENT.items()},
    ("stripe", "charge"): _life(pending="succeeded,failed", succeeded="", failed=""),
    ("stripe", "refund"): _life(
        pending="succeeded,failed,canceled", succeeded="failed", failed="", canceled=""
    ),
    ("stripe", "payout"): {k: frozenset(v.split()) for k, v in _PAYOUT.items()},
    ("avatax", "taxdocument"): _life(
        Uncommitted="Saved,Committed,Cancelled",
        Saved="Committed,Cancelled,Adjusted",
        Committed="Cancelled,Adjusted",
        Cancelled="",
        Adjusted="",
    ),
    # Paid In Full -> Open would be money taken off an invoice again; refunds go out of credit memos.
    ("netsuite", "invoice"): _life(Open="Paid In Full", Paid_In_Full=""),
}
_ALSO = {"creditnote": "creditmemo", "transaction": "taxdocument", "document": "taxdocument"}


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
    for (system, kind, id_), changes in lives.items():
        may = MAY[system, kind]
        before = ""
        for change in sorted(changes, key=lambda c: c.version):
            state = change.state
            if state not in may:
                step = f"entered the unknown state {state}"
            elif before and state != before and state not in may.get(before, frozenset()):
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
