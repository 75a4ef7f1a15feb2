"""The books of the tax engine as plain JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from simulators.avatax.rules.documents import Document


def tax_books(documents: Iterable[Document]) -> dict[str, list[dict[str, Any]]]:
    """One row a document; amounts in minor units, negative for a return."""
    return {
        "documents": [
            {
                "id": f"{document.code}/{document.kind}",
                "code": document.code,
                "kind": document.kind,
                "status": document.status,
                "currency": document.sale.currency,
                "date": document.sale.date,
                "net": document.total,
                "tax": document.tax,
                "created_at": document.created_at,
                "lines": [{"item": s.item_code, "tax_code": s.tax_code} for s in document.sale.lines],
            }
            for document in documents
        ]
    }
