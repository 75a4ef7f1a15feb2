"""What one customer was billed, item by item, and the credit that later bills consume."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.billing.convention import BillingConvention, RoundingPlace, Unused
from core.finance.billing.prorating import Plan
from core.finance.calendar import Period
from core.finance.exact import to_money


class Kind(StrEnum):
    """What an item does."""

    CHARGE = "charge"
    REPAIR = "repair"  # gives back days of a charge
    FORGONE = "forgone"  # days of a charge that are not given back: counted, in no total
    ADJUSTMENT = "adjustment"  # takes off a charge without giving back days
    ROUNDING = "rounding"  # what the lines of a document differ from its total


@dataclass(frozen=True, slots=True)
class Item:
    """exact in major units; minor as billed, negative for what is given back.

    number: place in the book; of: the whole period that `service` is part of; repaired: number of the
    charge that is given back or adjusted, -1 for none; line: which charge of the subscription.
    """

    number: int
    kind: Kind
    line: str
    plan: Plan
    service: Period
    of: Period
    exact: Fraction
    minor: int
    repaired: int = -1


@dataclass(frozen=True, slots=True)
class Document:
    """One act of billing, all in minor units and none negative.

    charged - given_back = due + used + deferred - generated - refunded, where `used` is credit consumed,
    `generated` credit kept, and `deferred` what waits for the next bill (negative: came from before).
    """

    items: tuple[Item, ...]
    charged: int
    given_back: int
    due: int = 0
    used: int = 0
    generated: int = 0
    refunded: int = 0
    deferred: int = 0
    forgone: int = 0
    credit_left: int = 0

    @property
    def net(self) -> int:
        """Charged less given back; negative when more is given back."""
        return self.charged - self.given_back


@dataclass(frozen=True, slots=True)
class Book:
    """credit: kept for later bills; waiting: net of changes not yet on a bill.

    paid: what was due so far; unpaid: the part of it that is still open and is not given back as money.
    """

    convention: BillingConvention
    currency: str
    items: tuple[Item, ...] = ()
    credit: int = 0
    waiting: int = 0
    paid: int = 0
    unpaid: int = 0

    def money(self, minor: int) -> Money:
        """An amount in the book's currency."""
        return Money(minor, self.currency)

    def whole(self, exact: Fraction) -> int:
        """Minor units of an exact amount, as a line is rounded."""
        return to_money(exact, self.currency, self.convention.rounding).minor

    def charges(self, line: str | None = None) -> Iterable[Item]:
        """In the order they were made."""
        return (i for i in self.items if i.kind is Kind.CHARGE and line in (None, i.line))

    def left(self, charge: Item) -> int:
        """Minor units of a charge that nothing has given back or forgone yet."""
        return charge.minor + sum(i.minor for i in self.items if i.repaired == charge.number)

    def kept(self, charge: Item) -> list[Period]:
        """The days of a charge that nothing has given back yet."""
        gone = [
            i.service for i in self.items if i.repaired == charge.number and i.kind is not Kind.ADJUSTMENT
        ]
        return without([charge.service], gone)


def settle(book: Book, items: Sequence[Item], *, changing: bool = False) -> tuple[Book, Document]:
    """Puts items on a document and says who owes what; changing: it comes from a change, not a bill run."""
    items = (*items, *_rounding(book, items))
    counting = [i for i in items if i.kind is not Kind.FORGONE]
    charged = sum(i.minor for i in counting if i.minor > 0)
    back = -sum(i.minor for i in counting if i.minor < 0)
    forgone = -sum(i.minor for i in items if i.kind is Kind.FORGONE)
    book = replace(book, items=(*book.items, *items))
    unused = book.convention.unused
    if changing and unused is Unused.NEXT_INVOICE:
        book = replace(book, waiting=book.waiting + charged - back)
        return book, Document(
            tuple(items), charged, back, deferred=charged - back, forgone=forgone, credit_left=book.credit
        )
    before, book = book.waiting, replace(book, waiting=0)
    if unused is Unused.CREDIT_NOTE:
        due, over = charged + max(before, 0), back + max(-before, 0)
    else:
        net = charged - back + before
        due, over = max(net, 0), max(-net, 0)
    # Notes and credit older than this document pay first; what this one gives back is open after it.
    refunded = max(min(over, book.paid) - book.unpaid, 0) if unused is Unused.REFUND else 0
    used = min(book.credit, due)
    left = book.credit - used + over - refunded
    book = replace(book, credit=left, paid=book.paid + due - used - refunded)
    return book, Document(
        tuple(items), charged, back, due - used, used, over - refunded, refunded, -before, forgone, left
    )


def without(whole: Iterable[Period], gone: Iterable[Period]) -> list[Period]:
    """The days of `whole` that are in none of `gone`."""
    left = list(whole)
    for hole in gone:
        pieces = []
        for piece in left:
            both = piece.overlap(hole)
            if both is None:
                pieces.append(piece)
                continue
            ends = (Period(piece.start, both.start), Period(both.end, piece.end))
            pieces += [end for end in ends if end.days]
        left = pieces
    return left


def known_charge(book: Book, number: int) -> Item:
    """Held where there is no such charge."""
    if not 0 <= number < len(book.items) or book.items[number].kind is not Kind.CHARGE:
        raise Held(f"item: {number} is no charge of this book", owner="billing operations")
    return book.items[number]


def _rounding(book: Book, items: Sequence[Item]) -> tuple[Item, ...]:
    counting = [i for i in items if i.kind is not Kind.FORGONE]
    if book.convention.place is RoundingPlace.LINE or not counting:
        return ()
    off = book.whole(sum((i.exact for i in counting), Fraction(0))) - sum(i.minor for i in counting)
    if not off:
        return ()
    like = counting[-1]
    number = len(book.items) + len(items)
    day = Period(like.service.start, like.service.start)
    return (Item(number, Kind.ROUNDING, "", Plan(Fraction(0)), day, day, Fraction(0), off),)
