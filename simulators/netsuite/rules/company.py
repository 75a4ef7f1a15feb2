"""The company of the sandbox: every shelf, the history and the sign-in desk."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulators.kit.clock import day
from simulators.kit.history import History
from simulators.kit.mock import Surroundings
from simulators.netsuite.rules import chart
from simulators.netsuite.rules.fields.lists import PLAIN
from simulators.netsuite.rules.kinds import ITEMS, TRANSACTIONS
from simulators.netsuite.rules.records import (
    Account,
    Currency,
    Customer,
    Item,
    Period,
    Plain,
    Schedule,
    Subsidiary,
    Term,
    Transaction,
)
from simulators.netsuite.rules.refusal import invalid_content, invalid_value
from simulators.netsuite.rules.shelf import Numbers, Shelf
from simulators.netsuite.rules.signin import SignIn
from simulators.netsuite.rules.wishes import Ref


class Company:
    """What every desk works on. token_seconds: life of an access token; approvals: new invoices and
    journals wait for approval; mandatory: classifications that a transaction is not saved without."""

    def __init__(
        self,
        surroundings: Surroundings,
        token_seconds: int,
        approvals: bool = False,
        mandatory: frozenset[str] = frozenset(),
    ) -> None:
        self.clock = surroundings.clock
        self.approvals = approvals
        self.mandatory = mandatory
        self.history = History(surroundings.clock)
        self.signin = SignIn(surroundings.clock, surroundings.ids, token_seconds)
        self.subsidiaries = Shelf[Subsidiary]("subsidiary", Numbers(1))
        self.currencies = Shelf[Currency]("currency", Numbers(1))
        self.accounts = Shelf[Account]("account", Numbers(101))
        self.terms = Shelf[Term]("term", Numbers(1))
        self.periods = Shelf[Period]("accountingPeriod", Numbers(201))
        # Customers, contacts, employees and vendors share their ids, as entities do.
        entity_ids = Numbers(1001)
        self.customers = Shelf[Customer]("customer", entity_ids)
        self.schedules = Shelf[Schedule]("revRecSchedule", Numbers(1))
        item_ids, transaction_ids = Numbers(11), Numbers(5001)
        self.items = {kind: Shelf[Item](kind, item_ids) for kind in ITEMS}
        self.transactions = {kind: Shelf[Transaction](kind, transaction_ids) for kind in TRANSACTIONS}
        entities = ("contact", "employee", "vendor")
        self.plain = {
            kind: Shelf[Plain](kind, entity_ids if kind in entities else Numbers(1)) for kind in PLAIN
        }
        self.months: dict[str, Period] = {}
        # Names that must not repeat: (record type, entityId or itemId or number) -> internal id.
        self.taken: dict[tuple[str, str], str] = {}
        # Named lists may be referred to by name: (record type, name) -> internal id.
        self.labels: dict[tuple[str, str], str] = {}
        # How many transactions name a customer or an item; only unused ones may be deleted.
        self.uses: dict[tuple[str, str], int] = {}
        # Transactions of a customer, and those made from another transaction, by internal id.
        self.of_customer: dict[str, dict[str, None]] = {}
        self.made_from: dict[str, dict[str, None]] = {}
        # What was put against a document: document -> the documents that did.
        self.settlers: dict[str, dict[str, None]] = {}
        # Balance of every account in base currency, debits positive.
        self.balances: dict[str, int] = {}
        # Exchange rates by (base currency, currency): (date, rate), oldest first.
        self.rates: dict[tuple[str, str], list[tuple[str, Decimal]]] = {}
        # Records changed since the query library last looked, in order.
        self.dirty: dict[tuple[str, str], None] = {}
        # Customers whose balances changed since a query last looked at balances.
        self.stale: dict[str, None] = {}
        self.numbers = {kind: Numbers(1) for kind in (*TRANSACTIONS, "customer")}
        shelves: list[Shelf[Any]] = [
            self.customers, self.subsidiaries, self.currencies, self.accounts, self.terms, self.periods,
            self.schedules, *self.items.values(), *self.transactions.values(), *self.plain.values(),
        ]  # fmt: skip
        self.shelves = {shelf.kind: shelf for shelf in shelves}
        self._stock()

    def _stock(self) -> None:
        masters: tuple[tuple[Shelf[Any], list[Any]], ...] = (
            (self.accounts, list(chart.accounts())),
            (self.currencies, list(chart.currencies())),
            (self.terms, list(chart.terms())),
            (self.subsidiaries, list(chart.subsidiaries())),
        )
        now = self.clock.now()
        for shelf, rows in masters:
            for row in rows:
                row.id = shelf.next_id()
                row.modified_at = now
                shelf.put(row)
                self.labels[shelf.kind, row.name] = row.id
                self.touch(shelf.kind, row.id)
        self.labels.update({("account", f"{row.number} {row.name}"): row.id for row in self.accounts})
        self.account_ids = {row.number: row.id for row in self.accounts}
        self.currency_ids = {row.symbol: row.id for row in self.currencies}
        for kind, name, text, income, deferral in chart.ITEMS:
            shelf_of = self.items[kind]
            deferral_id = self.account_ids[deferral] if deferral else ""
            item = Item(
                kind, shelf_of.next_id(), None, name, name, text, self.account_ids[income],
                deferral_id, False, {}, now, now,
            )  # fmt: skip
            shelf_of.put(item)
            self.taken["item", name] = item.id
            self.labels["item", name] = item.id
            self.touch(kind, item.id)
        for kind, names in chart.LISTS:
            for name in names:
                self._list(Plain(kind, "", None, name, False, {"name": name}, now, now))
        since = f"{day(now).year - 1}-01-01"
        for currency in self.currencies:
            if currency.symbol != chart.BASE_CURRENCY:
                self._rate(currency, since, now)

    def _rate(self, currency: Currency, since: str, now: int) -> None:
        base = self.currency_ids[chart.BASE_CURRENCY]
        shown: dict[str, object] = {
            "baseCurrency": {"id": base},
            "transactionCurrency": {"id": currency.id},
            "exchangeRate": currency.rate,
            "effectiveDate": since,
        }
        self._list(Plain("currencyRate", "", None, "", False, shown, now, now))
        self.rates[chart.BASE_CURRENCY, currency.symbol] = [(since, currency.rate)]

    def _list(self, row: Plain) -> None:
        shelf = self.plain[row.kind]
        row.id = shelf.next_id()
        shelf.put(row)
        if row.name:
            self.labels[row.kind, row.name] = row.id
        self.touch(row.kind, row.id)

    def touch(self, kind: str, id: str) -> None:  # noqa: A002 - the vendor's own word
        """Tell the query library that a record is new, changed or gone."""
        self.dirty[kind, id] = None

    def item(self, id: str) -> Item | None:  # noqa: A002
        """An item of any type."""
        return next((row for shelf in self.items.values() if (row := shelf.get(id))), None)

    def transaction(self, id: str) -> Transaction | None:  # noqa: A002
        """A transaction of any type."""
        return next((row for shelf in self.transactions.values() if (row := shelf.get(id))), None)

    def refer(self, ref: Ref, field: str, *kinds: str) -> str:
        """The internal id that a reference means; INVALID_CONTENT if it means nothing."""
        for kind in kinds:
            shelf = self.shelves[kind]
            row = None
            if ref.get("id"):
                key = str(ref["id"])
                row = shelf.named(key[4:]) if key.startswith("eid:") else shelf.get(key)
            elif ref.get("externalId"):
                row = shelf.named(str(ref["externalId"]))
            elif ref.get("refName"):
                listed = "item" if kind in self.items else kind
                row = shelf.get(self.labels.get((listed, str(ref["refName"])), ""))
            if row is not None:
                return str(row.id)
        value = ref.get("id") or ref.get("externalId") or ref.get("refName")
        if value is None:
            raise invalid_content(f"The reference {field} names no record.", field)
        raise invalid_value(field, value)

    def symbol(self, ref: Ref, field: str = "currency") -> str:
        """The ISO code that a currency reference means."""
        row = self.currencies.get(self.refer(ref, field, "currency"))
        assert row is not None
        return row.symbol

    def base_of(self, subsidiary: str) -> str:
        """The base currency of a subsidiary, as ISO code."""
        row = self.subsidiaries.get(subsidiary)
        return row.currency if row else chart.BASE_CURRENCY
