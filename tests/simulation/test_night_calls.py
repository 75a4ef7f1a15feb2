"""The night's look at everything asks each vendor for each list once, and for no list that cannot matter."""

from __future__ import annotations

from collections import Counter

from scenarios.spec import Spec
from scenarios.world.play import play

_DAY, _HOUR = 86_400_000_000, 3_600_000_000
# As the settings have it; the flows that mend what was found come afterwards.
_NIGHT = 3
_LISTS = {
    "stripe": {"list_events", "list_charges", "list_refunds", "list_disputes", "list_payouts"},
    "zuora": {"list_invoices", "list_credit_notes", "find_draft_invoices", "find_draft_credit_memos"},
    "netsuite": {
        "list_customers", "list_invoices", "list_credit_notes", "list_receipts", "list_refunds",
        "list_journals",
    },
    "salesforce": {"list_won", "list_mirrors"},
}  # fmt: skip


def nights(evidence):
    """(day, system, operation, key) -> calls of the hour in which reconciliation runs, reads alone."""
    found = Counter()
    for call in evidence.operations:
        if (call.at % _DAY) // _HOUR == _NIGHT and not call.write and call.attempt == 1:
            found[call.at // _DAY, call.system, call.name] += 1
    return found


def test_who_owns_what_is_looked_at_with_five_more_lists_a_night():
    evidence = play(Spec("quick", "hybrid", "mid_market", 6, 1, 1, "none"), repeat=False).evidence
    found = Counter()
    for call in evidence.operations:
        if (call.at % _DAY) // _HOUR == _NIGHT and not call.write:
            found[call.at // _DAY, f"{call.system} {call.name}"] += 1
    days = {day for day, _ in found}
    whom = (
        "salesforce list_accounts",
        "zuora list_accounts",
        "stripe list_customers",
        "netsuite list_customers",
    )
    for name in (*whom, "salesforce list_mirrors"):
        assert max(found[day, name] for day in days) == 1, name
    assert max(found[day, "zuora list_invoices"] for day in sorted(days)[1:]) == 1


def test_each_list_is_asked_for_once_a_night():
    evidence = play(Spec("quick", "hybrid", "mid_market", 6, 1, 1, "none"), repeat=False).evidence
    found = nights(evidence)
    days = len({day for day, _, _ in found})
    assert days >= 30
    # In its first night the core looks at all there is, to see whose copies are not as their owner has them.
    first = min(day for day, _, _ in found)
    lists = {
        key: count for key, count in found.items() if key[2] in _LISTS.get(key[1], ()) and key[0] > first
    }
    # An intent's own charges are a list by another question: it is asked where a payment must be looked at.
    assert {key[2] for key, count in lists.items() if count > 1} <= {"list_charges"}
    assert sum(lists.values()) <= 17 * days
    # Quiet nights ask the ledger nothing: nothing on the left, nothing to look for on the right.
    ledger = Counter(day for day, system, name in lists if system == "netsuite")
    assert min(ledger.get(day, 0) for day, _, _ in found) == 0
