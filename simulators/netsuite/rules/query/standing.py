"""Tables that no record gives rows to: lists that always stand, and what was deleted."""

from __future__ import annotations

import sqlite3

from simulators.kit.history import Change
from simulators.netsuite.rules import keys
from simulators.netsuite.rules.query.cells import moment

# The columns of a deleted record are unconfirmed; recordtypeid is the type's name in lower case.
STANDING = {
    "approvalstatus": "id I, name T, isinactive T",
    "accountingbook": "id I, name T, isprimary T, isadjustmentonly T, isinactive T, status T",
    "deletedrecord": "recordid I, recordtypeid T, name T, deletedby I, deleteddate M, context T, "
    "iscustomrecord T, iscustomlist T, iscustomtransaction T",
}
APPROVALS = {"1": "Pending Approval", "2": "Approved", "3": "Rejected"}


def fill(base: sqlite3.Connection) -> None:
    """The lists that always stand."""
    rows = [(int(key), name, "F") for key, name in APPROVALS.items()]
    base.executemany("INSERT INTO ns_approvalstatus VALUES (?, ?, ?)", rows)
    book = (1, "Primary Accounting Book", "T", "F", "F", "ACTIVE")
    base.execute("INSERT INTO ns_accountingbook VALUES (?, ?, ?, ?, ?, ?)", book)


def bury(base: sqlite3.Connection, changes: list[Change], known: int) -> int:
    """What was deleted since the library last looked; returns how many changes it has now seen."""
    gone = [
        (int(each.id), each.kind.lower(), None, int(keys.USER_ID), moment(each.at), "REST Web Services",
         "F", "F", "F")
        for each in changes[known:]
        if each.event == "deleted" and each.id.isdigit()
    ]  # fmt: skip
    base.executemany(f"INSERT INTO ns_deletedrecord VALUES ({', '.join('?' * 9)})", gone)
    return len(changes)
