"""The transaction price on its performance obligations, by stand-alone selling price (IFRS 15.73-86)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.exact import Residual, split

OWNER = "revenue accounting"


class OutsideRange(StrEnum):
    """What stands for the stand-alone price when a line was sold outside its range."""

    NEAREST = "nearest"
    LOW = "low"
    MIDPOINT = "midpoint"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Sharing:
    """How cents are placed. step: minor units of one step, 100 for whole units of a two-digit currency."""

    residual: Residual = Residual.LARGEST_REMAINDER
    step: int = 1


@dataclass(frozen=True, slots=True)
class Obligation:
    """One promise. ssp in major units, None where prices vary too much to name one (residual approach);
    lowest and highest: the range in which it was sold, where known."""

    name: str
    ssp: Fraction | None
    lowest: Fraction | None = None
    highest: Fraction | None = None


def cost_plus_margin(cost: Fraction, margin: Fraction) -> Fraction:
    """A stand-alone price that nobody has seen: expected cost with a margin of it (IFRS 15.79 b).

    margin: a share of the cost. Held for a cost that is none.
    """
    if cost <= 0:
        raise Held(f"cost: {cost} gives no stand-alone price; estimate it by another method", owner=OWNER)
    return cost * (1 + margin)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Obligations that are regularly sold together at `price`, in major units."""

    names: tuple[str, ...]
    price: Fraction


@dataclass(frozen=True, slots=True)
class Together:
    """Products that are regularly sold together at a share of their stand-alone prices (IFRS 15.82 a, b):
    the discount of the bundle stays with them if it is theirs."""

    products: tuple[str, ...]
    share: Fraction


@dataclass(frozen=True, slots=True)
class Allocation:
    """The stored convention of a company. by_residual: products whose prices vary too much for a
    stand-alone price; together: whose discount is observable; without either all share a discount."""

    sharing: Sharing = Sharing()
    by_residual: frozenset[str] = frozenset()
    together: tuple[Together, ...] = ()

    def share(self, price: Money, alone: Mapping[str, Fraction]) -> dict[str, Money]:
        """A price by stand-alone prices in major units, by name; the parts add up to it."""
        obligations = [
            Obligation(name, None if name in self.by_residual else worth) for name, worth in alone.items()
        ]
        bundles = [
            Bundle(each.products, each.share * sum(alone[name] for name in each.products))
            for each in self.together
            if all(name in alone for name in each.products)
        ]
        return allocate(price, obligations, bundles, self.sharing)

    def without_residual(self, names: Iterable[str], what: str) -> None:
        """Held if one of the names is a residual: what is left of a contract has none."""
        for name in names:
            if name in self.by_residual:
                raise Held(f"{what}: {name} has no stand-alone price to allocate the rest by", owner=OWNER)


# By stand-alone price, all alike; the odd cent goes to the largest remainder.
BY_WORTH = Allocation()


def relative(price: Money, weights: Sequence[Fraction | int], sharing: Sharing) -> tuple[Money, ...]:
    """In proportion to weights, in whole steps; what is finer than a step stays with the last part."""
    steps, rest = divmod(abs(price.minor), sharing.step)
    sign = -1 if price.minor < 0 else 1
    found = split(sign * steps, weights, sharing.residual)
    if found.rounding:
        raise Held("residual: a price has no line of its own for rounding; choose another rule", owner=OWNER)
    parts = [part * sharing.step for part in found.parts]
    parts[-1] += sign * rest
    return tuple(Money(part, price.currency) for part in parts)


def allocate(
    price: Money, obligations: Sequence[Obligation], bundles: Sequence[Bundle], sharing: Sharing
) -> dict[str, Money]:
    """Each obligation's part of the price, by name; the parts add up to it.

    One obligation may lack a stand-alone price: it gets the residual, which must be something and lie in
    its range (Held otherwise). A discount stays within bundles if their discounts are the whole discount
    (IFRS 15.82); else all share it.
    """
    known = {o.name: o.ssp for o in obligations if o.ssp is not None}
    unknown = [o for o in obligations if o.ssp is None]
    if len(unknown) > 1:
        names = ", ".join(o.name for o in unknown)
        raise Held(f"ssp: {names} have none; the residual approach works for one at a time", owner=OWNER)
    unit = Fraction(10) ** _digits(price)
    within = _bundled(known, bundles)
    total = sum(within.values(), Fraction(0))
    if unknown:
        rest = price.minor - total * unit
        _faithful(rest / unit, unknown[0])
        within[unknown[0].name] = rest / unit
    elif total * unit != price.minor:
        within = known
    parts = relative(price, [within[o.name] for o in obligations], sharing)
    return {o.name: part for o, part in zip(obligations, parts, strict=True)}


def residual_of(price: Money, obligations: Sequence[Obligation], bundles: Sequence[Bundle]) -> Fraction:
    """What is left for the obligation without a stand-alone price, in major units, whatever it is."""
    known = {o.name: o.ssp for o in obligations if o.ssp is not None}
    unit = Fraction(10) ** _digits(price)
    return price.minor / unit - sum(_bundled(known, bundles).values(), Fraction(0))


def faithful(residual: Fraction, obligation: Obligation) -> bool:
    """Whether a residual can stand for the price of an obligation: positive and within its range."""
    low, high = obligation.lowest, obligation.highest
    return residual > 0 and (low is None or residual >= low) and (high is None or residual <= high)


def allocate_variable(
    fixed: Money, variable: Mapping[str, Money], ssp: Mapping[str, Fraction], sharing: Sharing
) -> tuple[dict[str, Money], bool]:
    """A fixed price and amounts that depend on single obligations; whether those stay where they belong.

    They do if each obligation then bears its stand-alone price in proportion (IFRS 15.85), otherwise
    fixed and variable amounts are shared alike.
    """
    names = list(ssp)
    total = sum((part.minor for part in variable.values()), fixed.minor)
    whole_ssp = sum(ssp.values(), Fraction(0))
    left = {name: total * ssp[name] / whole_ssp - _minor(variable, name) for name in names}
    own = all(part >= 0 for part in left.values()) and all(
        part == 0 for name, part in left.items() if name in variable
    )
    if own:
        others = [name for name in names if name not in variable]
        parts = relative(fixed, [ssp[name] for name in others], sharing) if others else ()
        shares = dict(zip(others, parts, strict=True))
        return {name: variable[name] if name in variable else shares[name] for name in names}, True
    pooled = relative(Money(total, fixed.currency), [ssp[name] for name in names], sharing)
    return dict(zip(names, pooled, strict=True)), False


def extended(price: Fraction, quantity: Fraction, fair_value: Fraction, fx: Fraction) -> Fraction:
    """Stand-alone price of a line in functional currency: list x quantity x fair value x rate.

    fair_value: 9/10 for 90 %.
    """
    return price * quantity * fair_value * fx


def in_range(sold: Fraction, low: Fraction, high: Fraction, outside: OutsideRange) -> Fraction:
    """The stand-alone price of a line: what it was sold for if that is in the range."""
    if low > high:
        raise Held(f"range: {low} is more than {high}", owner=OWNER)
    if low <= sold <= high:
        return sold
    if outside is OutsideRange.MIDPOINT:
        return (low + high) / 2
    if outside is OutsideRange.NEAREST:
        return low if sold < low else high
    return low if outside is OutsideRange.LOW else high


def _bundled(known: Mapping[str, Fraction], bundles: Sequence[Bundle]) -> dict[str, Fraction]:
    within = dict(known)
    for bundle in bundles:
        missing = [name for name in bundle.names if name not in known]
        if missing:
            raise Held(f"bundle: {missing[0]} has no stand-alone price", owner=OWNER)
        alone = sum((known[name] for name in bundle.names), Fraction(0))
        for name in bundle.names:
            within[name] = known[name] * bundle.price / alone
    return within


def _faithful(residual: Fraction, obligation: Obligation) -> None:
    if not faithful(residual, obligation):
        said = f"residual: {residual} for {obligation.name} is not positive or outside its range"
        raise Held(f"{said}; estimate its stand-alone price by another method", owner=OWNER)


def _minor(amounts: Mapping[str, Money], name: str) -> int:
    return amounts[name].minor if name in amounts else 0


def _digits(price: Money) -> int:
    return -int(price.major.as_tuple().exponent)
