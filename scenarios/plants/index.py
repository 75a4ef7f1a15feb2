"""All plants, in order of control."""

from __future__ import annotations

from scenarios.plants import bank, books, cash, documents, owed, revenue, sales
from scenarios.plants.plant import Plant

PLANTS: tuple[Plant, ...] = tuple(
    sorted(
        (
            *sales.PLANTS,
            *documents.PLANTS,
            *cash.PLANTS,
            *bank.PLANTS,
            *owed.PLANTS,
            *revenue.PLANTS,
            *books.PLANTS,
        ),
        key=lambda plant: plant.control,
    )
)
