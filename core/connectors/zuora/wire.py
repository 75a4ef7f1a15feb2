"""Zuora's dialect: paths, words and shapes of the v1 REST API and of object queries.

Names from the vendor's OpenAPI description as generated into zuora-sdk 3.21.0 (API version 2025-08-12).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

# From 2024-05-20 on errors carry a real HTTP status; before, they came as 200 with success:false.
API_VERSION = "2025-08-12"

Json = Mapping[str, Any]

# Code = six digits of the resource and two of the category (developer portal, "error codes").
UNCLEAR_CATEGORIES = frozenset({50, 60, 61, 99})
# Unknown field, field that is missing (developer portal, "error codes").
UNFIT_CATEGORIES = frozenset({21, 22})
THROTTLED, SIGNED_OUT, NOT_FOUND = 70, 11, 40

_UNFIT = re.compile(r"unrecognised fields|has no field '", re.IGNORECASE)
_TAKEN = re.compile(r"already|duplicate|not unique|must be unique", re.IGNORECASE)
_ABSENT = re.compile(
    r"cannot (?:be found|find)|not found|does ?n.t exist|does not exist|no such", re.IGNORECASE
)

# Types of charges: billed by use, billed once. Convention: what is sold by the seat recurs, what is sold by
# the piece is billed once, every other unit is metered (an invoice item tells its unit and not the type of
# its charge).
USAGE, ONCE = "Usage", "OneTime"
SEATS, PIECES = "Seats", "Each"

# Of documents (zuora-sdk 3.21.0: BillingDocumentStatus, and what a bill run shows of its invoices).
STATUS = {
    "Draft": "draft", "Generating": "draft", "PendingForTax": "draft", "Posted": "posted",
    "Canceled": "reversed", "Cancelled": "reversed", "Reversed": "reversed", "Error": "draft",
}  # fmt: skip
REFUND_COMMENT = "REFUND "
# How the refund of a payment shows that the payer's bank sent it back.
RETURN_COMMENT = "RETURNED "
# How a note shows that its invoice was given up.
WRITE_OFF_COMMENT = "WRITE-OFF "
# How a debit memo shows which transfer paid what had been written off.
RECOVERY_COMMENT = "RECOVERED "
# How an invoice shows that its payment is called back.
DISPUTE_COMMENT = "Dispute "


def reason(body: object) -> tuple[str, str]:
    """(code, text) of an error body: v1 `reasons`, CRUD `Errors`, OAuth or a gateway's own."""
    if not isinstance(body, dict):
        return "", ""
    for rows, code, text in (("reasons", "code", "message"), ("Errors", "Code", "Message")):
        listed = body.get(rows)
        if isinstance(listed, list) and listed and isinstance(listed[0], dict):
            return str(listed[0].get(code, "")), str(listed[0].get(text, ""))
    return str(body.get("code", body.get("error", ""))), str(
        body.get("message", body.get("error_description", ""))
    )


def category(code: str) -> int:
    """The last two digits of an eight-digit code; 0 where there is none."""
    return int(code[-2:]) if code.isdigit() and len(code) >= 7 else 0


def says_unfit(text: str) -> bool:
    """Whether a refusal says that there is no such field: of an object call, which is told not to drop it, or
    of an object query (its wording there is unconfirmed)."""
    return bool(_UNFIT.search(text))


def says_taken(text: str) -> bool:
    """Whether a refusal says that the identity is in use, or the act done before."""
    return bool(_TAKEN.search(text))


def says_absent(text: str) -> bool:
    """Whether a refusal says that something referred to is not there."""
    return bool(_ABSENT.search(text))


def object_query(
    kind: str,
    *,
    key: str = "",
    filters: Sequence[str] = (),
    expand: Sequence[str] = (),
    sort: str = "",
    page_size: int = 0,
    fields: Sequence[str] = (),
) -> str:
    """Path of an object query; filters as `field.OP:value`, all of which must hold."""
    path = f"/object-query/{kind}" + (f"/{quote(key, safe='')}" if key else "")
    pairs = [("filter[]", each) for each in filters] + [("expand[]", each) for each in expand]
    if sort:
        pairs.append(("sort[]", sort))
    pairs += [("fields[]", each) for each in fields]
    if page_size:
        pairs.append(("pageSize", str(page_size)))
    query = "&".join(f"{name}={quote(value, safe='.:')}" for name, value in pairs)
    return f"{path}?{query}" if query else path


def path_of(url: str) -> str:
    """Path and query of a `nextPage`, which v1 gives as a full URL."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
