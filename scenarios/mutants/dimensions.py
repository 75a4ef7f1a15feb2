"""Bugs in what lines are about: product, department, customer, contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from core.canonical.erp import Dimensions, Journal
from core.canonical.invoices import Invoice
from scenarios.mutants.mutant import Mutant
from scenarios.mutants.wraps import Around, Wrap, in_port


class OneProduct(Around):
    """Of Erp."""

    async def post_invoice(self, invoice: Invoice, on: date, key: str) -> None:
        lines = tuple(replace(line, product="TEAM") for line in invoice.lines)
        await self.real.post_invoice(replace(invoice, lines=lines), on, key)


class _Journals(Around):
    """Of Erp: journals that say something else of their lines."""

    def says(self, at: Dimensions) -> Dimensions:
        raise NotImplementedError

    async def post_journal(self, journal: Journal, key: str) -> None:
        lines = tuple(replace(line, at=self.says(line.at)) for line in journal.lines)
        await self.real.post_journal(replace(journal, lines=lines), key)


class NoContract(_Journals):
    """Of Erp."""

    def says(self, at: Dimensions) -> Dimensions:
        return replace(at, contract="")


class EverythingIsSold(_Journals):
    """Of Erp."""

    def says(self, at: Dimensions) -> Dimensions:
        return replace(at, department="Sales") if at.department else at


def _mutant(name: str, says: str, wrap: Wrap) -> Mutant:
    return Mutant(name, says, ("F8",), in_port("erp", wrap), profile="contested", customers=14, months=2)


DIMENSIONS = (
    _mutant(
        "all_lines_under_one_product",
        "every invoice line is posted under the plan that most have: revenue by product is wrong",
        OneProduct,
    ),
    _mutant(
        "revenue_without_its_contract",
        "revenue journals drop the contract: nobody can say whose revenue a month had (C26)",
        NoContract,
    ),
    _mutant(
        "costs_on_the_selling_department",
        "fees, losses and exchange go to the department that sells, not to the overhead",
        EverythingIsSold,
    ),
)
