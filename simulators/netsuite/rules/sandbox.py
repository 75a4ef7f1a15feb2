"""The whole: a company with its calendar, its books, its query library and its gate."""

from __future__ import annotations

from simulators.kit.history import History
from simulators.kit.mock import Surroundings
from simulators.netsuite.rules.books import Row, books
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.periods import open_calendar
from simulators.netsuite.rules.query.library import Library


class Sandbox:
    """The rules object; a fresh one at every reset.

    options: token_seconds (3600): life of an access token; concurrency (15): calls at once;
    service_us (0): how long a call holds its slot, in microseconds.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        options = surroundings.options
        self.company = Company(surroundings, options.get("token_seconds", 3600))
        open_calendar(self.company)
        self.library = Library(self.company)
        self.concurrency = options.get("concurrency", 15)
        self.service_us = options.get("service_us", 0)
        self.busy = 0

    @property
    def history(self) -> History:
        """Every committed change."""
        return self.company.history

    def books(self) -> dict[str, list[Row]]:
        """The ERP's books, as the checkers read them."""
        return books(self.company)

    def pending(self) -> int:
        """NetSuite sends nothing and keeps no jobs here, so nothing is ever under way."""
        return 0
