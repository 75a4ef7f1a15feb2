"""AvaTax's dialect: paths, document types and statuses, the error envelope (REST v2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

ROOT = "/api/v2"
CLIENT = "tieout; 1; core; 1; integration"
SALES_ORDER, SALES_INVOICE, RETURN_INVOICE = "SalesOrder", "SalesInvoice", "ReturnInvoice"
COMMITTED = "Committed"

# Numbers of the vendor's enumeration ErrorCodeId.
NOT_FOUND, VALUE_REQUIRED, GET_TAX_ERROR = 4, 5, 300
THROTTLED = frozenset({1715, 1716})
ALREADY = frozenset({1313})  # TransactionIsCommitted

Json = Mapping[str, Any]

# What may not stand in a code within a path, and what the vendor wants instead (its SDK documentation).
_ESCAPES = str.maketrans({
    "/": "_-ava2f-_", "+": "_-ava2b-_", "?": "_-ava3f-_", "%": "_-ava25-_", "#": "_-ava23-_",
})  # fmt: skip


def create() -> str:
    """Path that taxes a sale."""
    return f"{ROOT}/transactions/create"


def document(company: str, code: str, kind: str, act: str = "") -> str:
    """Path of a document of that type, or of an act on it."""
    path = f"{ROOT}/companies/{_code(company)}/transactions/{_code(code)}"
    return f"{path}{f'/{act}' if act else ''}?documentType={kind}"


def _code(text: str) -> str:
    return quote(text.translate(_ESCAPES), safe="")


def reason(body: object) -> tuple[int, str, str]:
    """(number, text, what it refers to) of an error envelope; the first detail tells most."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return 0, "", ""
    details = error.get("details")
    first = details[0] if isinstance(details, list) and details and isinstance(details[0], dict) else {}
    number = first.get("number")
    parts = (first.get("message") or error.get("message"), first.get("description"))
    text = " ".join(str(part) for part in parts if part)
    refers = first.get("refersTo")
    return number if isinstance(number, int) else 0, text, str(refers or "")
