"""What belongs to the whole document and is spread over its lines: discount, tax override, rounding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from simulators.avatax.rules.refusal import TaxRefusal
from simulators.avatax.rules.sales import TAX_AMOUNT, Sale
from simulators.avatax.rules.taxation import Levied, TaxedLine, overridden, round_half_up, split

Key = tuple[str, str, str, str]


def discounts(sale: Sale) -> tuple[int, ...]:
    """Each line's part of the document's discount, by amount, among the lines that are discounted."""
    if not sale.discount:
        return (0,) * len(sale.lines)
    weights = [abs(line.amount) if line.discounted else 0 for line in sale.lines]
    if not any(line.discounted for line in sale.lines):
        raise TaxRefusal(
            "NoLinesDiscounted",
            "Transaction has no lines which are discounted.",
            "The CreateTransactionModel object with discount amount set must have at least one line which "
            "is discounted.",
            "discount",
        )
    if not any(weights):
        return (0,) * len(sale.lines)
    return tuple(split(sale.discount, weights))


def with_overrides(sale: Sale, lines: tuple[TaxedLine, ...]) -> tuple[TaxedLine, ...]:
    """The taxes that the caller insists on: a line's own, and the document's for the others."""
    if any(line.override is not None for line in sale.lines):
        lines = tuple(
            overridden(line, wish.amount)
            if (wish := line.source.override) is not None and wish.amount is not None
            else line
            for line in lines
        )
    return _with_document_override(sale, lines)


def _with_document_override(sale: Sale, lines: tuple[TaxedLine, ...]) -> tuple[TaxedLine, ...]:
    # Shared by what each line without an override of its own would have had.
    wish = sale.override
    if wish is None or wish.kind != TAX_AMOUNT or wish.amount is None:
        return lines
    own = [line.source.override is not None and line.source.override.kind == TAX_AMOUNT for line in lines]
    open_lines = [line for line, has_own in zip(lines, own, strict=True) if not has_own]
    if not open_lines:
        return lines
    rest = wish.amount - sum(line.tax for line, has_own in zip(lines, own, strict=True) if has_own)
    weights = [abs(line.tax) for line in open_lines]
    if not any(weights):
        weights = [abs(line.amount) for line in open_lines]
    if not any(weights):
        weights = [1] * len(open_lines)
    shares = iter(split(rest, weights))
    return tuple(
        line if has_own else overridden(line, next(shares)) for line, has_own in zip(lines, own, strict=True)
    )


def rounded_by_document(lines: Sequence[TaxedLine]) -> tuple[TaxedLine, ...]:
    """Tax rounded once for the whole document (the vendor's help: 5.20 where lines make 5.19).

    Unconfirmed: how it is handed out again. Here each jurisdiction, and then each line, gets what the
    running sum has grown by, and the last line of a jurisdiction what is left of its part.
    """
    exact: defaultdict[Key, Decimal] = defaultdict(Decimal)
    last: dict[Key, int] = {}
    for position, line in enumerate(lines):
        for detail in line.details:
            exact[_key(detail)] += detail.exact
            last[_key(detail)] = position
    parts = _grown(exact)
    running: defaultdict[Key, Decimal] = defaultdict(Decimal)
    given: defaultdict[Key, int] = defaultdict(int)
    done = []
    for position, line in enumerate(lines):
        details: list[Levied] = []
        for detail in line.details:
            key = _key(detail)
            running[key] += detail.exact
            upto = parts[key] if last[key] == position else round_half_up(running[key])
            details.append(replace(detail, tax=upto - given[key]))
            given[key] = upto
        done.append(_settled(line, tuple(details)))
    return tuple(done)


def _key(detail: Levied) -> Key:
    return detail.country, detail.region, detail.jurisdiction.level, detail.jurisdiction.code


def _grown(exact: Mapping[Key, Decimal]) -> dict[Key, int]:
    """Whole cents of each jurisdiction that add up to the rounded sum of all."""
    parts, sum_so_far, given = {}, Decimal(0), 0
    for key, amount in exact.items():
        sum_so_far += amount
        upto = round_half_up(sum_so_far)
        parts[key] = upto - given
        given = upto
    return parts


def _settled(line: TaxedLine, details: tuple[Levied, ...]) -> TaxedLine:
    tax = sum(detail.tax for detail in details)
    if not line.source.tax_included or tax == line.tax:
        return replace(line, tax=tax, details=details)
    # What the customer pays stays as given: a cent less tax is a cent more net.
    shift = line.tax - tax
    moved = tuple(
        replace(d, taxable=d.taxable + shift)
        if line.taxable
        else replace(d, non_taxable=d.non_taxable + shift)
        for d in details
    )
    taxable = line.taxable + shift if line.taxable else line.taxable
    exempt = line.exempt if line.taxable else line.exempt + shift
    return replace(line, amount=line.amount + shift, taxable=taxable, exempt=exempt, tax=tax, details=moved)
