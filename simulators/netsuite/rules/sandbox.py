"""The whole: a company with its calendar, its books, its query library, its jobs and its gate."""

from __future__ import annotations

from simulators.kit.history import History
from simulators.kit.mock import Surroundings
from simulators.netsuite.rules.books import Row, books
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.dimensions import LABELS
from simulators.netsuite.rules.jobs import Jobs
from simulators.netsuite.rules.periods import open_calendar
from simulators.netsuite.rules.query.library import Library

OPTIONS = {
    "token_seconds": "life of an access token (3600)",
    "concurrency": "calls at once (15)",
    "service_us": "how long a call holds its slot, in microseconds (0)",
    "approvals": "1 lets new invoices and journals wait for approval (0)",
    "async_ms": "how long a job waits before it is run (200)",
    "mandatory_department": "1 saves no transaction without a department (0)",
    "mandatory_class": "1 saves no transaction without a class (0)",
    "mandatory_location": "1 saves no transaction without a location (0)",
}


class Sandbox:
    """The rules object; a fresh one at every reset."""

    def __init__(self, surroundings: Surroundings) -> None:
        options = surroundings.options
        approvals = bool(options.get("approvals", 0))
        mandatory = frozenset(field for field in LABELS if options.get(f"mandatory_{field}", 0))
        self.company = Company(surroundings, options.get("token_seconds", 3600), approvals, mandatory)
        open_calendar(self.company)
        self.library = Library(self.company)
        self.concurrency = options.get("concurrency", 15)
        self.service_us = options.get("service_us", 0)
        self.async_us = options.get("async_ms", 200) * 1000
        self.agenda = surroundings.agenda
        self.jobs = Jobs()
        # Record types that the role of the integration may not touch.
        self.denied: set[str] = set()
        self.busy = 0

    @property
    def history(self) -> History:
        """Every committed change."""
        return self.company.history

    def books(self) -> dict[str, list[Row]]:
        """The ERP's books, as the checkers read them."""
        return books(self.company)

    def pending(self) -> int:
        """Jobs not yet over; NetSuite sends nothing by itself."""
        return self.jobs.pending()
