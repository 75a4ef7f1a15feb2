"""The tax of a document under a stored policy: where and how it is rounded, and what is a rounding line."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.finance.exact import Residual, Rounding, split, whole
from core.finance.tax.taxes import Tax, Worked, work_out


class Place(StrEnum):
    """Over what exact tax is added up before it is rounded."""

    LINE_AND_CODE = "line_and_code"  # every code of every line by itself
    LINE = "line"  # the codes of a line together
    CODE = "code"  # a code over all lines
    COMBINATION = "combination"  # lines with the same set of codes together
    DOCUMENT = "document"  # everything together, once


class Base(StrEnum):
    """What tax on top is worked out from."""

    ROUNDED = "rounded"  # the net of the line in whole minor units
    EXACT = "exact"  # quantity times price, not rounded


class First(StrEnum):
    """Which part of a price with tax in it is rounded; the other is what is left."""

    TAX = "tax"
    NET = "net"


@dataclass(frozen=True, slots=True)
class TaxPolicy:
    """The stored switch. step: what is rounded to, in minor units (5 for five cents).

    residual: where the difference between rounded lines and the rounded document goes.
    """

    place: Place = Place.LINE_AND_CODE
    mode: Rounding = Rounding.HALF_UP
    base: Base = Base.ROUNDED
    first: First = First.TAX
    step: Fraction = Fraction(1)
    residual: Residual = Residual.OWN_LINE

    def rounded(self, amount: Fraction) -> int:
        """To the step, then to whole minor units."""
        return whole(whole(amount / self.step, self.mode) * self.step, self.mode)


@dataclass(frozen=True, slots=True)
class Line:
    """price: quantity times unit price less discount, exact, in minor units; with what tax is included."""

    key: str
    price: Fraction
    taxes: tuple[Tax, ...] = ()
    quantity: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class TaxedLine:
    """Whole minor units; codes: one amount a code of the line, their sum is the tax."""

    key: str
    net: int
    tax: int
    codes: tuple[tuple[str, int], ...]

    @property
    def gross(self) -> int:
        """Net and tax."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class TaxedDocument:
    """tax: of the lines and of the rounding line; net: likewise, with a rounding of its own.

    codes: the amount of each code, where codes were rounded over all lines.
    """

    lines: tuple[TaxedLine, ...]
    rounding: int
    net_rounding: int = 0
    codes: tuple[tuple[str, int], ...] = ()

    @property
    def net(self) -> int:
        """Without tax."""
        return sum(line.net for line in self.lines) + self.net_rounding

    @property
    def tax(self) -> int:
        """Of the whole document."""
        return sum(line.tax for line in self.lines) + self.rounding

    @property
    def total(self) -> int:
        """What is to pay."""
        return self.net + self.tax

    def by_code(self) -> dict[str, int]:
        """Tax by code: as rounded over all lines, else the sum of the lines without the rounding line."""
        if self.codes:
            return dict(self.codes)
        found: dict[str, int] = {}
        for line in self.lines:
            for code, tax in line.codes:
                found[code] = found.get(code, 0) + tax
        return found


def tax_document(lines: Sequence[Line], policy: TaxPolicy) -> TaxedDocument:
    """Tax of every line and of the document under the policy.

    The document's tax is what the policy's place says; a difference to the lines goes to the residual's
    place. Prices with tax in them never change in total: what tax gains, net loses.
    """
    worked = [_work(line, policy) for line in lines]
    taxed = [_taxed(line, exact, policy) for line, exact in zip(lines, worked, strict=True)]
    group: Callable[[Line, Tax], Hashable]
    if policy.place is Place.CODE:
        group = _by_code
    elif policy.place is Place.COMBINATION:
        group = _by_combination
    elif policy.place is Place.DOCUMENT:
        group = _all_together
    else:
        return TaxedDocument(tuple(taxed), 0)
    groups = {name: policy.rounded(exact) for name, exact in _groups(lines, worked, group).items()}
    meant = sum(groups.values())
    codes = tuple((str(code), tax) for code, tax in groups.items()) if policy.place is Place.CODE else ()
    over = meant - sum(line.tax for line in taxed)
    if over and policy.residual is not Residual.OWN_LINE:
        taxed = list(_spread(lines, worked, taxed, over, policy))
        over = meant - sum(line.tax for line in taxed)
    return TaxedDocument(tuple(taxed), over, _net_over(lines, worked, taxed, over, policy), codes)


def cash_rounded(total: int, step: Fraction, mode: Rounding = Rounding.HALF_UP) -> tuple[int, int]:
    """(what is paid, by how much it differs): a total to the coin; the difference is booked by itself."""
    paid = whole(whole(total / step, mode) * step)
    return paid, paid - total


def _work(line: Line, policy: TaxPolicy) -> Worked:
    inside = any(tax.included for tax in line.taxes)
    price = line.price if inside or policy.base is Base.EXACT else Fraction(whole(line.price, policy.mode))
    return work_out(price, line.taxes, line.quantity)


def _taxed(line: Line, exact: Worked, policy: TaxPolicy) -> TaxedLine:
    """A line by itself: by code, or all codes at once and then shared out by largest remainder."""
    if policy.place is Place.LINE_AND_CODE:
        parts = [policy.rounded(tax) for tax in exact.taxes]
    else:
        parts = _share(policy.rounded(exact.tax), exact.taxes)
    tax, inside = sum(parts), any(each.included for each in line.taxes)
    if not inside:
        net = whole(exact.net, policy.mode)
    elif policy.first is First.TAX:
        # What the price does not have in it comes on top.
        net = whole(exact.gross, policy.mode) - tax
    else:
        net = policy.rounded(exact.net)
        tax = whole(exact.gross, policy.mode) - net
        parts = _share(tax, exact.taxes)
    return TaxedLine(line.key, net, tax, tuple((t.code, p) for t, p in zip(line.taxes, parts, strict=True)))


def _net_over(
    lines: Sequence[Line], worked: Sequence[Worked], taxed: Sequence[TaxedLine], over: int, policy: TaxPolicy
) -> int:
    """What the document's net has over its lines' nets: with tax in the prices the gross stays as it is."""
    if any(tax.included for line in lines for tax in line.taxes):
        return -over
    if policy.base is Base.ROUNDED:
        return 0
    exact = sum((each.net for each in worked), Fraction(0))
    return whole(exact, policy.mode) - sum(line.net for line in taxed)


def _share(total: int, weights: Sequence[Fraction]) -> list[int]:
    sizes = [abs(weight) for weight in weights]
    if not sum(sizes):
        return [0] * len(weights)
    return list(split(total, sizes, Residual.LARGEST_REMAINDER).parts)


def _groups(
    lines: Sequence[Line], worked: Sequence[Worked], group: Callable[[Line, Tax], Hashable]
) -> dict[Hashable, Fraction]:
    found: dict[Hashable, Fraction] = {}
    for line, exact in zip(lines, worked, strict=True):
        for tax, amount in zip(line.taxes, exact.taxes, strict=True):
            name = group(line, tax)
            found[name] = found.get(name, Fraction(0)) + amount
    return found


def _by_code(_line: Line, tax: Tax) -> Hashable:
    return tax.code


def _by_combination(line: Line, _tax: Tax) -> Hashable:
    return frozenset(tax.code for tax in line.taxes)


def _all_together(_line: Line, _tax: Tax) -> Hashable:
    return None


def _spread(
    lines: Sequence[Line],
    worked: Sequence[Worked],
    taxed: Sequence[TaxedLine],
    over: int,
    policy: TaxPolicy,
) -> tuple[TaxedLine, ...]:
    """The difference onto lines, so that no rounding line is left; lines without tax get none of it."""
    some = [at for at, exact in enumerate(worked) if exact.tax]
    if not some:
        return tuple(taxed)
    sign = 1 if over > 0 else -1
    if policy.residual is Residual.LARGEST_REMAINDER:
        # Those that were rounded furthest the other way, one unit each; ties to the earlier.
        some.sort(key=lambda at: (sign * (taxed[at].tax - worked[at].tax), at))
        places = [some[n % len(some)] for n in range(abs(over))]
    else:
        places = [some[0 if policy.residual is Residual.FIRST else -1]] * abs(over)
    found = list(taxed)
    for at in set(places):
        tax = taxed[at].tax + sign * places.count(at)
        inside = any(each.included for each in lines[at].taxes)
        codes = zip(lines[at].taxes, _share(tax, worked[at].taxes), strict=True)
        net = taxed[at].gross - tax if inside else taxed[at].net
        found[at] = TaxedLine(lines[at].key, net, tax, tuple((each.code, part) for each, part in codes))
    return tuple(found)
