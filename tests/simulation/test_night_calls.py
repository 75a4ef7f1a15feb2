"""The night's look at everything asks each vendor for each list once, and for no list that cannot matter."""

from __future__ import annotations

from collections import Counter
from functools import cache

from core.settings import Controls, Settings
from scenarios.evidence.run import Evidence
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


# What the look for conflicts of ownership asks.
_LOOK = (
    "salesforce list_accounts", "zuora list_accounts", "stripe list_customers", "netsuite list_customers",
    "salesforce list_won", "salesforce list_mirrors", "zuora list_invoices",
)  # fmt: skip


@cache
def a_month_of_hybrid() -> Evidence:
    return play(Spec("quick", "hybrid", "mid_market", 6, 1, 1, "none"), repeat=False).evidence


def nights(evidence):
    """(day, system, operation, key) -> calls of the hour in which reconciliation runs, reads alone."""
    found = Counter()
    for call in evidence.operations:
        if (call.at % _DAY) // _HOUR == _NIGHT and not call.write and call.attempt == 1:
            found[call.at // _DAY, call.system, call.name] += 1
    return found


def test_who_owns_what_is_looked_at_with_five_more_lists_a_night():
    evidence = a_month_of_hybrid()
    found = Counter()
    for call in evidence.operations:
        if (call.at % _DAY) // _HOUR == _NIGHT and not call.write:
            found[call.at // _DAY, f"{call.system} {call.name}"] += 1
    days = {day for day, _ in found}
    for name in (name for name in _LOOK if name.endswith(("_accounts", "_customers", "_mirrors"))):
        assert max(found[day, name] for day in days) == 1, name
    assert max(found[day, "zuora list_invoices"] for day in sorted(days)[1:]) == 1


def look(customers: int, **given: object) -> tuple[Counter, int]:
    """Reads of the look's hour by system and operation, and how many nights had one."""
    spec = Spec("quick", "orchestrated", "mid_market", customers, 1, 1, "none")
    evidence = play(spec, repeat=False, **given).evidence
    found = [call for call in evidence.operations if (call.at % _DAY) // _HOUR == _NIGHT and not call.write]
    return Counter(f"{call.system} {call.name}" for call in found), len({call.at // _DAY for call in found})


def test_a_look_by_itself_is_seven_lists_a_night_however_many_documents_there_are() -> None:
    few, some = look(4), look(12)
    for found, nights in (few, some):
        assert nights >= 30
        assert {name: found[name] for name in _LOOK} == dict.fromkeys(_LOOK, nights)
        # What changed in one system and not in the other is asked for by itself; on most nights nothing has.
        asked = {name for name in found if not name.endswith("sign_in")}
        assert sum(found[name] for name in asked.difference(_LOOK)) < nights // 2
    assert some[0].total() - few[0].total() < some[1] // 2


def test_a_look_that_is_switched_off_asks_nothing() -> None:
    off = Settings(controls=Controls(conflicts=False))
    assert look(4, settings=off) == (Counter(), 0)


def test_each_list_is_asked_for_once_a_night():
    evidence = a_month_of_hybrid()
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
