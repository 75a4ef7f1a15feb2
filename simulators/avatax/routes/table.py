"""Every path of the mock, written out, and the vendor made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.avatax.routes import companies, transactions
from simulators.avatax.routes.door import serve, trouble
from simulators.avatax.rules.companies import COMPANY_CODE, COMPANY_ID
from simulators.avatax.rules.sandbox import ACCOUNT, LICENCE, Sandbox
from simulators.avatax.wire import requests as wire
from simulators.kit.mock import Vendor
from simulators.kit.table import Route

_ROOT = "/api/v2"
_COMPANY = f"{_ROOT}/companies/{{companyCode}}/transactions"
_DOCUMENT = f"{_COMPANY}/{{code}}"
_NEXUS = f"{_ROOT}/companies/{{companyId}}/nexus"
_RESOLVE = f"{_ROOT}/addresses/resolve"

TABLE = (
    Route("GET", f"{_ROOT}/utilities/ping", "ping", companies.ping, "is anybody there", public=True),
    Route("GET", f"{_ROOT}/companies", "list_companies", companies.list_companies, "companies"),
    Route("GET", f"{_ROOT}/companies/{{id}}", "get_company", companies.get_company, "one company"),
    Route("GET", _NEXUS, "list_nexus", companies.list_nexus, "where tax is collected"),
    Route("POST", _NEXUS, "create_nexus", companies.declare_nexus, "collect tax there, too",
          request=wire.NexusBody),
    Route("DELETE", f"{_NEXUS}/{{id}}", "delete_nexus", companies.withdraw_nexus, "collect no tax there"),
    Route("GET", _RESOLVE, "resolve_address", companies.resolve_get, "look an address up"),
    Route("POST", _RESOLVE, "resolve_address", companies.resolve_post, "look an address up",
          request=wire.AddressBody),
    Route("POST", f"{_ROOT}/transactions/create", "create_transaction", transactions.create, "tax a sale",
          request=wire.CreateTransactionBody),
    Route("POST", f"{_ROOT}/transactions/createoradjust", "create_or_adjust_transaction",
          transactions.create_or_adjust, "tax a sale, or correct it", request=wire.CreateOrAdjustBody),
    Route("GET", f"{_ROOT}/transactions/{{id}}", "get_transaction_by_id", transactions.get_by_id,
          "any revision by number"),
    Route("GET", _COMPANY, "list_transactions", transactions.list_all, "documents of a company"),
    Route("GET", _DOCUMENT, "get_transaction", transactions.get, "the current revision"),
    Route("GET", f"{_DOCUMENT}/types/{{documentType}}", "get_transaction_by_type", transactions.get,
          "the current revision of that type"),
    Route("POST", f"{_DOCUMENT}/commit", "commit_transaction", transactions.commit, "make it final",
          request=wire.CommitBody),
    Route("POST", f"{_DOCUMENT}/uncommit", "uncommit_transaction", transactions.uncommit, "open it again"),
    Route("POST", f"{_DOCUMENT}/void", "void_transaction", transactions.void, "cancel it",
          request=wire.VoidBody),
    Route("POST", f"{_DOCUMENT}/unvoid", "unvoid_transaction", transactions.unvoid, "undo the cancelling"),
    Route("POST", f"{_DOCUMENT}/adjust", "adjust_transaction", transactions.adjust, "correct it",
          request=wire.AdjustBody),
    Route("POST", f"{_DOCUMENT}/verify", "verify_transaction", transactions.verify, "compare its figures",
          request=wire.VerifyBody),
    Route("POST", f"{_DOCUMENT}/settle", "settle_transaction", transactions.settle, "verify and commit",
          request=wire.SettleBody),
    Route("POST", f"{_DOCUMENT}/lock", "lock_transaction", transactions.lock, "as if filed",
          request=wire.LockBody),
    Route("POST", f"{_DOCUMENT}/refund", "refund_transaction", transactions.refund, "mirror it",
          request=wire.RefundBody),
    Route("POST", f"{_DOCUMENT}/changecode", "change_transaction_code", transactions.change_code,
          "give it another code", request=wire.ChangeCodeBody),
)  # fmt: skip


def disturb(_: Sandbox, kind: str, __: Mapping[str, Any]) -> None:
    """Nothing can be disturbed: there are no tokens to expire, no events, no lagging index."""
    raise ValueError(f"kind: AvaTax knows no disturbance {kind!r}")


def credentials(_: Sandbox) -> dict[str, str]:
    """How to sign in: HTTP Basic, account and licence key."""
    return {
        "account": ACCOUNT,
        "license_key": LICENCE,
        "company_code": COMPANY_CODE,
        "company_id": str(COMPANY_ID),
    }


VENDOR = Vendor(
    name="avatax",
    title="Avalara AvaTax",
    port=4246,
    table=TABLE,
    open=Sandbox,
    serve=serve,
    trouble=trouble,
    disturb=disturb,
    credentials=credentials,
)
