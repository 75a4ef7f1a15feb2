"""The company of the sandbox: every shelf, the history and the sign-in desk."""

from __future__ import annotations

from itertools import count
from typing import Any

from simulators.kit.history import History
from simulators.kit.mock import Surroundings
from simulators.netsuite.rules import chart
from simulators.netsuite.rules.kinds import ITEMS, TRANSACTIONS
from simulators.netsuite.rules.records import (
    Account,
    Currency,
    Customer,
    Item,
    Period,
    Schedule,
    Subsidiary,
    Term,
    Transaction,
)
from simulators.netsuite.rules.refusal import Refused, invalid_value
from simulators.netsuite.rules.shelf import Shelf
from simulators.netsuite.rules.signin import SignIn
from simulators.netsuite.rules.wishes import Ref


class Company:
    """What every desk works on. token_seconds: life of an access token."""

    def __init__(self, surroundings: Surroundings, token_seconds: int) -> None:
        self.clock = surroundings.clock
        self.history = History(surroundings.clock)
        self.signin = SignIn(surroundings.clock, surroundings.ids, token_seconds)
        self.subsidiaries = Shelf[Subsidiary]("subsidiary", count(1))
        self.currencies = Shelf[Currency]("currency", count(1))
        self.accounts = Shelf[Account]("account", count(101))
        self.terms = Shelf[Term]("term", count(1))
        self.periods = Shelf[Period]("accountingPeriod", count(201))
        self.customers = Shelf[Customer]("customer", count(1001))
        self.schedules = Shelf[Schedule]("revRecSchedule", count(1))
        item_ids, transaction_ids = count(11), count(5001)
        self.items = {kind: Shelf[Item](kind, item_ids) for kind in ITEMS}
        self.transactions = {kind: Shelf[Transaction](kind, transaction_ids) for kind in TRANSACTIONS}
        self.months: dict[str, Period] = {}
        # Names that must not repeat: (record type, entityId or itemId) -> internal id.
        self.taken: dict[tuple[str, str], str] = {}
        # Named lists may be referred to by name: (record type, name) -> internal id.
        self.labels: dict[tuple[str, str], str] = {}
        # How many transactions name a customer or an item; only unused ones may be deleted.
        self.uses: dict[tuple[str, str], int] = {}
        # Records changed since the query library last looked, in order.
        self.dirty: dict[tuple[str, str], None] = {}
        self.numbers = {kind: count(1) for kind in (*TRANSACTIONS, "customer")}
        shelves: list[Shelf[Any]] = [
            self.customers,
            self.subsidiaries,
            self.currencies,
            self.accounts,
            self.terms,
            self.periods,
            self.schedules,
            *self.items.values(),
            *self.transactions.values(),
        ]
        self.shelves = {shelf.kind: shelf for shelf in shelves}
        self._stock()

    def _stock(self) -> None:
        masters: tuple[tuple[Shelf[Any], list[Any]], ...] = (
            (self.accounts, list(chart.accounts())),
            (self.currencies, list(chart.currencies())),
            (self.terms, list(chart.terms())),
            (self.subsidiaries, list(chart.subsidiaries())),
        )
        for shelf, rows in masters:
            for row in rows:
                shelf.put(row)
                self.labels[shelf.kind, row.name] = row.id
                self.touch(shelf.kind, row.id)
        self.labels.update({("account", f"{row.number} {row.name}"): row.id for row in self.accounts})
        self.account_ids = {row.number: row.id for row in self.accounts}
        self.currency_ids = {row.symbol: row.id for row in self.currencies}
        now = self.clock.now()
        for kind, name, text, income, deferral in chart.ITEMS:
            shelf_of = self.items[kind]
            deferral_id = self.account_ids[deferral] if deferral else ""
            item = Item(
                kind, shelf_of.next_id(), None, name, name, text, self.account_ids[income],
                deferral_id, False, {}, now, now,
            )  # fmt: skip
            shelf_of.put(item)
            self.taken["item", name] = item.id
            self.touch(kind, item.id)

    def touch(self, kind: str, id: str) -> None:  # noqa: A002 - the vendor's own word
        """Tell the query library that a record is new, changed or gone."""
        self.dirty[kind, id] = None

    def item(self, id: str) -> Item | None:  # noqa: A002
        """An item of either type."""
        return self.items["serviceSaleItem"].get(id) or self.items["nonInventorySaleItem"].get(id)

    def transaction(self, id: str) -> Transaction | None:  # noqa: A002
        """A transaction of any type."""
        return next((row for shelf in self.transactions.values() if (row := shelf.get(id))), None)

    def refer(self, ref: Ref, field: str, *kinds: str) -> str:
        """The internal id that a reference means; USER_ERROR if it means nothing."""
        for kind in kinds:
            shelf = self.shelves[kind]
            row = None
            if ref.get("id"):
                row = shelf.get(str(ref["id"]))
            elif ref.get("externalId"):
                row = shelf.named(str(ref["externalId"]))
            elif ref.get("refName"):
                row = shelf.get(self.labels.get((kind, str(ref["refName"])), ""))
            if row is not None:
                return str(row.id)
        value = ref.get("id") or ref.get("externalId") or ref.get("refName")
        if value is None:
            raise Refused("INVALID_CONTENT", f"The reference {field} names no record.", "Path", field)
        raise invalid_value(field, value)

    def symbol(self, ref: Ref, field: str = "currency") -> str:
        """The ISO code that a currency reference means."""
        row = self.currencies.get(self.refer(ref, field, "currency"))
        assert row is not None
        return row.symbol
