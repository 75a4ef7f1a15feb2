"""What the AvaTax conformance tests share: a signed-in SDK client, a sale, and how to read answers."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from avalara import AvataxClient  # type: ignore[import-untyped]

from scenarios.sandboxes import Sandboxes

COMPANY, COMPANY_ID = "DEFAULT", 1
SEATTLE = {"line1": "100 Pine St", "city": "Seattle", "region": "WA", "postalCode": "98101", "country": "US"}
AUSTIN = {"line1": "1 Congress Ave", "city": "Austin", "region": "TX", "postalCode": "78701", "country": "US"}
DALLAS = {"line1": "1 Main St", "city": "Dallas", "region": "TX", "postalCode": "75201", "country": "US"}
BERLIN = {"line1": "Torstr. 1", "city": "Berlin", "postalCode": "10119", "country": "DE"}
PARIS = {"line1": "1 rue de Rivoli", "city": "Paris", "postalCode": "75001", "country": "FR"}
ON = "2026-01-10"


def client(lab: Sandboxes) -> Any:
    """The SDK, unmodified, signed in with account and licence key."""
    known = lab.credentials("avatax")
    sdk = AvataxClient("tieout", "1", "tests", lab.url("avatax"))
    return sdk.add_credentials(known["account"], known["license_key"])


def sale(code: str = "INV-1", amount: Any = 100, **changes: Any) -> dict[str, Any]:
    """A SalesInvoice of goods to Seattle."""
    body: dict[str, Any] = {
        "type": "SalesInvoice", "companyCode": COMPANY, "code": code, "date": ON, "customerCode": "ACME",
        "addresses": {"singleLocation": SEATTLE},
        "lines": [{"number": "1", "amount": amount, "quantity": 1, "taxCode": "P0000000"}],
    }  # fmt: skip
    body.update(changes)
    return {name: value for name, value in body.items() if value is not ...}


def read(response: Any) -> Any:
    """The JSON, numbers exact; every answer has its correlation id."""
    assert response.headers["x-correlation-id"]
    return json.loads(response.text, parse_float=Decimal) if response.text else None


def made(response: Any, status: int = 201) -> Any:
    """The JSON of a success."""
    assert response.status_code == status, response.text
    return read(response)


def refused(response: Any, code: str, number: int, status: int = 400) -> dict[str, Any]:
    """The first detail of a refusal, whose envelope is checked on the way."""
    error = read(response)["error"]
    assert (response.status_code, error["code"]) == (status, code), response.text
    detail: dict[str, Any] = error["details"][0]
    assert (detail["code"], detail["number"], detail["message"]) == (code, number, error["message"])
    assert detail["severity"] == "Error"
    assert detail["faultCode"] in ("Client", "Server")
    assert detail["helpLink"].endswith(f"/avatax/errors/{code}")
    return detail


def cents(text: str) -> Decimal:
    """A money amount."""
    return Decimal(text)
