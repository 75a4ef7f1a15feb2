"""What a caller asks to be set, under the vendor's names; an absent key stays as it is.

A wish is made by `wire.parse` from the catalogue of fields: texts, Decimals, whole numbers, booleans,
dates as "YYYY-MM-DD", references as Ref, sublists as {"items": [line, …]}. `custom` holds every field
that no rule knows.
"""

from __future__ import annotations

from typing import Any, TypedDict


class Ref(TypedDict, total=False):
    """A reference: by internal id, by external id, or (named lists) by name."""

    id: str | None
    externalId: str | None
    refName: str | None


Wish = dict[str, Any]
