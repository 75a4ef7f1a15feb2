"""Bugs that are versions of mappings: data that somebody changed."""

from __future__ import annotations

from dataclasses import replace

from core.mappings.shipped import SHIPPED
from core.mappings.table import ANY, Row
from scenarios.mapped import pack_mappings
from scenarios.mutants.mutant import Mutant
from scenarios.world.plant import NOTHING


def _rows_before(name: str, *rows: Row) -> str:
    """The shipped version with these rows above its own, packed."""
    like = SHIPPED[name]
    changed = replace(like, version=2, table=replace(like.table, rows=(*rows, *like.table.rows)))
    return pack_mappings(SHIPPED.with_these([changed]))


MAPPINGS = (
    Mutant(
        "consumer_software_in_germany",
        "what is sold in Germany is declared as software for consumers: the tax is right, the code is not",
        ("F3",),
        NOTHING,
        profile="mid_market",
        customers=2,
        months=2,
        story="reverse_charge_vat_customer",
        mappings=_rows_before("tax_codes", Row((ANY, "DE"), ("SW052001",))),
    ),
)
