"""What an invoice moves in the accounts, day by day: issued, earned, paid, given back, given up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from core.canonical.errors import Held
from core.finance.calendar import Period, add_months
from core.finance.exact import Rounding, whole


class Book(StrEnum):
    """Accounts, each counted in its normal direction; contra revenue by its cause."""

    RECEIVABLE = "accounts_receivable"
    CASH = "cash"
    OUTSIDE = "external_asset"  # paid outside of the processor
    REVENUE = "revenue"
    DEFERRED = "deferred_revenue"
    TAX = "tax_payable"
    CREDIT_BALANCE = "customer_balance"
    REFUNDS = "refunds_contra"
    DISPUTES = "disputes_contra"
    VOIDS = "voids_contra"
    CREDIT_NOTES = "credit_notes_contra"
    BAD_DEBT = "bad_debt"
    RECOVERED = "recoverables"


# Number of the chart behind each.
NUMBER = {
    Book.RECEIVABLE: "1100",
    Book.CASH: "1010",
    Book.OUTSIDE: "1000",
    Book.REVENUE: "4000",
    Book.DEFERRED: "2100",
    Book.TAX: "2000",
    Book.CREDIT_BALANCE: "2200",
    Book.REFUNDS: "4900",
    Book.DISPUTES: "4900",
    Book.VOIDS: "4900",
    Book.CREDIT_NOTES: "4900",
    Book.BAD_DEBT: "6200",
    Book.RECOVERED: "6210",
}
_CREDIT_NORMAL = {Book.REVENUE, Book.DEFERRED, Book.TAX, Book.CREDIT_BALANCE, Book.RECOVERED}


class Regained(StrEnum):
    """How money is shown that comes after it was given up, or back from a won dispute."""

    GAIN = "gain"  # what had not been earned is a gain of its own; a won dispute is one in full
    RESTORED = "restored"  # as if it had not been given up: contra revenue and deferred revenue come back


class TaxLost(StrEnum):
    """Tax on what was given up."""

    RELIEVED = "relieved"  # goes off the tax payable
    LOST = "lost"  # part of the bad debt


class Cut(StrEnum):
    """Up to when revenue counts as earned when an invoice is voided or given up."""

    DAY = "day"  # the day before
    MONTH = "month"  # the month before: what is earned of an open month is turned back where it stands


@dataclass(frozen=True, slots=True)
class Rules:
    """Stored conventions of an invoice's life."""

    regained: Regained = Regained.GAIN
    tax: TaxLost = TaxLost.RELIEVED
    rounding: Rounding = Rounding.HALF_UP
    cut: Cut = Cut.DAY


@dataclass(slots=True)
class InvoiceLife:
    """Minor units. Events must come in order of their days; revenue is released up to each of them."""

    service: Period
    net: int
    tax: int = 0
    rules: Rules = field(default_factory=Rules)
    # (day, account, amount in the account's normal direction)
    movements: list[tuple[date, Book, int]] = field(default_factory=list)
    _issued: date = date.min
    _from: date = date.min
    _until: date = date.min
    _plan: int = 0
    _released: int = 0
    _given_up: bool = False
    _given: dict[Book, tuple[int, int]] = field(default_factory=dict)

    def balance(self, book: Book) -> int:
        """So far."""
        return sum(amount for _, each, amount in self.movements if each is book)

    def by_month(self) -> dict[Book, dict[date, int]]:
        """Sums by account and first of the month, without those that are nothing."""
        sums: defaultdict[Book, defaultdict[date, int]] = defaultdict(lambda: defaultdict(int))
        for on, book, amount in self.movements:
            sums[book][on.replace(day=1)] += amount
        return {book: {m: n for m, n in sorted(months.items()) if n} for book, months in sums.items()}

    @property
    def open(self) -> int:
        """Still receivable."""
        return self.balance(Book.RECEIVABLE)

    # --- the life ---

    def issue(self, on: date, applied: int = 0) -> None:
        """Billed; `applied`: of the credit balance (negative: what was owed is added)."""
        self._post(
            on,
            (Book.RECEIVABLE, self.net + self.tax - applied),
            (Book.CREDIT_BALANCE, -applied),
            (Book.DEFERRED, self.net),
            (Book.TAX, self.tax),
        )
        self._issued = on
        self._from = self._until = self.service.start
        self._plan, self._released = self.net, 0

    def pay(self, on: date, amount: int | None = None, *, outside: bool = False) -> None:
        """In full, or so much; after it was given up it clears the bad debt first."""
        self.release(on)
        cash = Book.OUTSIDE if outside else Book.CASH
        owed = self.balance(Book.BAD_DEBT)
        if self._given_up:
            taken = self._given_up_total() if amount is None else amount
            back = min(owed, taken)
            rest = taken - back
            kept = Book.RECOVERED if self.rules.regained is Regained.GAIN else Book.REVENUE
            self._post(on, (cash, taken), (Book.BAD_DEBT, -back), (kept, rest))
            return
        taken = self.open if amount is None else amount
        over = max(taken - self.open, 0)
        self._post(on, (cash, taken), (Book.RECEIVABLE, over - taken), (Book.CREDIT_BALANCE, over))

    def give_back(self, on: date, amount: int, contra: Book, cash: Book = Book.CASH) -> None:
        """A refund or dispute: by its share of what is earned, deferred, taxed and regained."""
        self.release(on)
        earned = self.balance(Book.REVENUE) - self._contra() - self.balance(Book.BAD_DEBT)
        parts = [
            (contra, 1, max(earned, 0)),
            (Book.DEFERRED, -1, self.balance(Book.DEFERRED)),
            (Book.TAX, -1, self.balance(Book.TAX)),
            (Book.RECOVERED, -1, max(self.balance(Book.RECOVERED), 0)),
        ]
        whole_ = sum(part for _, _, part in parts)
        if amount > whole_:
            raise Held(f"given back: {amount} minor units are more than the {whole_} that there are")
        taken = self._shares(amount, [part for _, _, part in parts])
        self._post(
            on,
            (cash, -amount),
            *((book, sign * n) for (book, sign, _), n in zip(parts, taken, strict=True)),
        )
        self._given[contra] = (taken[0], taken[1])
        self._replan(on)

    def refund(self, on: date, amount: int) -> None:
        """Money back to the customer."""
        self.give_back(on, amount, Book.REFUNDS)

    def dispute(self, on: date, amount: int) -> None:
        """Money taken back by the customer's bank."""
        self.give_back(on, amount, Book.DISPUTES)

    def dispute_won(self, on: date, amount: int) -> None:
        """The bank returns it: a gain, or as if nothing had been."""
        self.release(on)
        if self.rules.regained is Regained.GAIN:
            self._post(on, (Book.CASH, amount), (Book.RECOVERED, amount))
            return
        earned, deferred = self._given.get(Book.DISPUTES, (0, 0))
        tax = amount - earned - deferred
        self._post(
            on, (Book.CASH, amount), (Book.DISPUTES, -earned), (Book.DEFERRED, deferred), (Book.TAX, tax)
        )
        self._replan(on)

    def void(self, on: date) -> None:
        """As if it had not been billed; after it was given up the bad debt becomes a void."""
        self.release(self._cut(on))
        owed = self.balance(Book.BAD_DEBT)
        if self._given_up:
            self._post(on, (Book.BAD_DEBT, -owed), (Book.VOIDS, owed))
            return
        self._end(on, Book.VOIDS)

    def give_up(self, on: date) -> None:
        """Uncollectible: what was earned and not paid is bad debt; what was paid of the rest is a gain."""
        self.release(self._cut(on))
        if self.open <= 0:
            raise Held("uncollectible: nothing of the invoice is open")
        self._end(on, Book.BAD_DEBT)
        self._given_up = True

    def release(self, to: date) -> None:
        """Earn the days before `to`, month by month."""
        if not self._plan or to < self._until:
            return
        end = min(to, self.service.end)
        month = add_months(self._until.replace(day=1), 1)
        edges = []
        while month < end:
            edges.append(month)
            month = add_months(month, 1)
        for edge in [*edges, end]:
            days = Period(self._from, self.service.end).days
            share = Fraction(max((edge - self._from).days, 0), days) if days > 0 else Fraction(1)
            done = whole(self._plan * share, self.rules.rounding) - self._released
            self._released += done
            self._until = edge
            # Booked on the last day that it is for, and not before it was billed.
            on = max(_before(edge), self._issued)
            self._post(on, (Book.REVENUE, done), (Book.DEFERRED, -done))

    def finish(self) -> None:
        """Earn all that is left."""
        self.release(self.service.end)

    # --- parts ---

    def _end(self, on: date, into: Book) -> None:
        open_, deferred = self.open, self.balance(Book.DEFERRED)
        earned = self.balance(Book.REVENUE) - self._contra()
        billed = self.net + self.tax
        unpaid = Fraction(min(open_, billed), billed) if billed > 0 else Fraction(1)
        back = whole(earned * unpaid, self.rules.rounding)
        tax = whole(self.balance(Book.TAX) * unpaid, self.rules.rounding)
        if into is Book.BAD_DEBT and self.rules.tax is TaxLost.LOST:
            back, tax = back + tax, 0
        gain = back + tax + deferred - open_
        self._post(
            on,
            (Book.RECEIVABLE, -open_),
            (into, back),
            (Book.DEFERRED, -deferred),
            (Book.TAX, -tax),
            (Book.RECOVERED, gain),
        )
        self._plan = self._released = 0

    def _cut(self, on: date) -> date:
        return on if self.rules.cut is Cut.DAY else on.replace(day=1)

    def _replan(self, on: date) -> None:
        self._from = self._until = max(on, self._from)
        self._plan, self._released = self.balance(Book.DEFERRED), 0

    def _contra(self) -> int:
        return sum(self.balance(b) for b in (Book.REFUNDS, Book.DISPUTES, Book.VOIDS, Book.CREDIT_NOTES))

    def _given_up_total(self) -> int:
        paid = self.balance(Book.CASH) + self.balance(Book.OUTSIDE)
        return self.net + self.tax - paid - max(-self.balance(Book.CREDIT_BALANCE), 0)

    def _shares(self, amount: int, parts: list[int]) -> list[int]:
        """Each rounded, what is left goes to the largest of the later parts that is not nothing."""
        total = sum(parts)
        if not total:
            return [0] * len(parts)
        taken = [whole(Fraction(amount * part, total), self.rules.rounding) for part in parts]
        rest = next((i for i in (1, 0, 2, 3) if parts[i]), 0)
        taken[rest] += amount - sum(taken)
        return taken

    def _post(self, on: date, *postings: tuple[Book, int]) -> None:
        debits = sum(-amount if book in _CREDIT_NORMAL else amount for book, amount in postings)
        if debits:
            raise Held(f"entry on {on}: debits exceed credits by {debits} minor units")
        self.movements += [(on, book, amount) for book, amount in postings if amount]


def _before(edge: date) -> date:
    return date.fromordinal(edge.toordinal() - 1)
