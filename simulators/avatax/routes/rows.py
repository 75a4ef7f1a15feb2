"""The rows of the table about documents and addresses."""

from __future__ import annotations

from simulators.avatax.routes import account, addresses, history, multidocuments, transactions
from simulators.avatax.wire import multi, setup
from simulators.avatax.wire import requests as wire
from simulators.kit.table import Route

_ROOT = "/api/v2"
_COMPANY = f"{_ROOT}/companies/{{companyCode}}/transactions"
_DOCUMENT = f"{_COMPANY}/{{code}}"
_LINES = f"{_ROOT}/companies/transactions/lines"
_MULTI = f"{_ROOT}/transactions/multidocument"
_MULTI_ONE = f"{_MULTI}/{{code}}/type/{{type}}"
_RESOLVE = f"{_ROOT}/addresses/resolve"

SERVICE = (
    Route("GET", f"{_ROOT}/utilities/ping", "ping", account.ping, "is anybody there", public=True),
    Route("GET", f"{_ROOT}/utilities/subscriptions", "list_my_subscriptions", account.list_subscriptions,
          "what the caller may use"),
    Route("GET", f"{_ROOT}/utilities/subscriptions/{{serviceTypeId}}", "get_my_subscription",
          account.my_subscription, "one of them by type"),
    Route("GET", f"{_ROOT}/accounts", "query_accounts", account.list_accounts, "the caller's account"),
    Route("GET", f"{_ROOT}/accounts/{{id}}", "get_account", account.get_account, "one account"),
    Route("POST", f"{_ROOT}/accounts/{{id}}/resetlicensekey", "reset_license_key", account.reset_licence,
          "a new licence key", request=setup.ResetLicenceBody),
    Route("GET", f"{_ROOT}/accounts/{{accountId}}/subscriptions", "list_subscriptions_by_account",
          account.list_subscriptions, "what the account may use"),
    Route("GET", f"{_ROOT}/accounts/{{accountId}}/subscriptions/{{id}}", "get_subscription",
          account.get_subscription, "one subscription"),
    Route("GET", f"{_ROOT}/accounts/{{accountId}}/users", "list_users_by_account", account.list_users,
          "who may sign in"),
    Route("GET", f"{_ROOT}/subscriptions", "query_subscriptions", account.list_subscriptions,
          "all subscriptions"),
    Route("GET", f"{_ROOT}/users", "query_users", account.list_users, "all users"),
    Route("GET", _RESOLVE, "resolve_address", addresses.resolve_get, "look an address up"),
    Route("POST", _RESOLVE, "resolve_address", addresses.resolve_post, "look an address up",
          request=wire.AddressBody),
    Route("GET", f"{_ROOT}/taxrates/byaddress", "tax_rates_by_address", addresses.rates_by_address,
          "rates for goods at an address"),
    Route("GET", f"{_ROOT}/taxrates/bypostalcode", "tax_rates_by_postal_code",
          addresses.rates_by_postal_code, "rates for goods at a postal code"),
)  # fmt: skip

DOCUMENTS = (
    Route("POST", f"{_ROOT}/transactions/create", "create_transaction", transactions.create, "tax a sale",
          request=wire.CreateTransactionBody),
    Route("POST", f"{_ROOT}/transactions/createoradjust", "create_or_adjust_transaction",
          transactions.create_or_adjust, "tax a sale, or correct it", request=wire.CreateOrAdjustBody),
    Route("POST", f"{_ROOT}/transactions/lock", "bulk_lock_transaction", transactions.bulk_lock,
          "many as if filed", request=wire.BulkLockBody),
    Route("GET", _MULTI, "list_multi_document_transactions", multidocuments.list_all,
          "sales of several companies"),
    Route("POST", _MULTI, "create_multi_document_transaction", multidocuments.create,
          "tax a sale of several companies", request=multi.CreateMultiBody),
    Route("POST", f"{_MULTI}/commit", "commit_multi_document_transaction", multidocuments.commit,
          "make all of it final", request=multi.CommitMultiBody),
    Route("POST", f"{_MULTI}/verify", "verify_multi_document_transaction", multidocuments.verify,
          "compare its sums", request=multi.VerifyMultiBody),
    Route("GET", f"{_MULTI}/{{id}}", "get_multi_document_transaction_by_id", multidocuments.get_by_id,
          "one by number"),
    Route("GET", _MULTI_ONE, "get_multi_document_transaction", multidocuments.get, "one by code and type"),
    Route("POST", f"{_MULTI_ONE}/adjust", "adjust_multi_document_transaction", multidocuments.adjust,
          "correct all of it", request=multi.AdjustMultiBody),
    Route("POST", f"{_MULTI_ONE}/void", "void_multi_document_transaction", multidocuments.void,
          "cancel all of it", request=wire.VoidBody),
    Route("POST", f"{_MULTI_ONE}/refund", "refund_multi_document_transaction", multidocuments.refund,
          "mirror all of it", request=wire.RefundBody),
    Route("GET", f"{_ROOT}/transactions/{{id}}", "get_transaction_by_id", transactions.get_by_id,
          "any revision by number"),
    Route("POST", f"{_LINES}/add", "add_lines", transactions.add_lines, "more lines on a document",
          request=wire.AddLinesBody),
    Route("POST", f"{_LINES}/delete", "delete_lines", transactions.delete_lines,
          "fewer lines on a document", request=wire.RemoveLinesBody),
    Route("GET", _COMPANY, "list_transactions", history.list_all, "documents of a company"),
    Route("GET", _DOCUMENT, "get_transaction", transactions.get, "the current revision"),
    Route("GET", f"{_DOCUMENT}/types/{{documentType}}", "get_transaction_by_type", transactions.get,
          "the current revision of that type"),
    Route("GET", f"{_DOCUMENT}/audit", "audit_transaction", history.audit, "how it was made"),
    Route("GET", f"{_DOCUMENT}/types/{{documentType}}/audit", "audit_transaction_by_type", history.audit,
          "how the one of that type was made"),
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
