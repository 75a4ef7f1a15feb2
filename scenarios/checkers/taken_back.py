"""Which act takes which step back, and what each of the two did in the vendors' commit logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scenarios.checkers.acts import caused_by
from scenarios.evidence.run import Change, Evidence, Operation

# By flow and step: (the act that takes it back, the system where that happens). Steps that are not here leave
# nothing behind that a vendor could show, or are never taken back.
COMPENSATIONS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("order_to_subscription", "place_order"): ("withdraw_order", "zuora"),
    ("order_to_subscription", "activate_in_crm"): ("withdraw_in_crm", "salesforce"),
    ("invoice_to_ledger", "post_receivable"): ("reverse_in_billing", "zuora"),
    ("invoice_to_ledger", "request_payment"): ("withdraw_request", "stripe"),
}
# Of each flow the step that is taken back before all others: it lets money in.
DOORS: Mapping[str, str] = {"invoice_to_ledger": "request_payment"}
# What the CRM shows of an order is told in any case, also where nobody knows whether it had been shown.
ONLY_TOLD = frozenset({"withdraw_in_crm"})


def transactions(evidence: Evidence) -> Mapping[str, str]:
    """The business key of an order or invoice by the id that the journal may know it by."""
    invoices = {i.id: i.number for i in evidence.billing.invoices}
    known = {deal.id: f"order:{deal.key}" for deal in evidence.crm.opportunities}
    for operation in evidence.operations:
        key, _, _ = operation.key.rpartition("/")
        if key.startswith("invoice:") and "#" in key:
            known[key.rpartition("#")[2]] = key
    return {**known, **{id_: known[number] for id_, number in invoices.items() if number in known}}


class Effects:
    """What the requests of the core changed, by their business key; made once for a law."""

    def __init__(self, evidence: Evidence) -> None:
        self._caused = caused_by(evidence)
        self._of: dict[str, list[Operation]] = {}
        for operation in evidence.operations:
            if operation.write:
                self._of.setdefault(operation.key, []).append(operation)

    def of_all(self) -> Sequence[str]:
        """The keys of all writes."""
        return tuple(self._of)

    def of(self, key: str, system: str = "") -> list[tuple[Operation, Sequence[Change]]]:
        """The requests of a key that changed anything, in time order."""
        found = [(o, self._caused.get(o.id, ())) for o in self._of.get(key, ())]
        return sorted(
            ((o, changes) for o, changes in found if changes and system in ("", o.system)),
            key=lambda each: each[0].at,
        )
