"""Paths that do the same to many documents in one call; each for itself, as if asked for alone."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from simulators.kit.table import Call, Reply, Route, dumps, json_reply
from simulators.zuora.routes import debits, invoices, memos
from simulators.zuora.routes.errors import refused
from simulators.zuora.rules.refusal import INVALID, MISSING, Refused
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire.shape import parse

Handler = Callable[[Sandbox, Call], Awaitable[Reply]]
# Documents in one call (SDK: max_length of the lists).
MOST = 50


async def _each(
    rules: Sandbox, call: Call, does: Handler, wishes: list[dict[str, Any]], key: str
) -> list[Any]:
    """Each one's answer, or refusal. key: the member that names the document, "" where one is made."""
    found = []
    for wish in wishes:
        body = {name: value for name, value in wish.items() if name != key}
        params = {"key": str(wish.get(key) or "")} if key else {}
        one = replace(call, body=dumps(body), params=params)
        try:
            if key and not params["key"]:
                raise Refused(MISSING, f"'{key}' is required.", key)
            reply = await does(rules, one)
        except Refused as no:
            reply = refused(one, no)
        found.append(json.loads(reply.body))
    return found


def _wishes(call: Call, name: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    body = parse(call)
    wishes = body.get(name)
    if not isinstance(wishes, list) or not wishes or not all(isinstance(wish, dict) for wish in wishes):
        raise Refused(MISSING, f"'{name}' is required: a list of objects.", name)
    if len(wishes) > MOST:
        raise Refused(INVALID, f"'{name}' has more than {MOST} entries.", name)
    return body, wishes


def _made(charged: Handler, of_invoice: Handler) -> Handler:
    async def create(rules: Sandbox, call: Call) -> Reply:
        """POST …/bulk: memos from charges (Standalone) or from invoices (Invoice)."""
        body, wishes = _wishes(call, "memos")
        source = body.get("sourceType")
        if source == "Standalone":
            return json_reply(200, {"success": True, "memos": await _each(rules, call, charged, wishes, "")})
        if source == "Invoice":
            made = await _each(rules, call, of_invoice, wishes, "invoiceId")
            return json_reply(200, {"success": True, "memos": made})
        raise Refused(INVALID, "'sourceType' value should be one of: Invoice, Standalone", "sourceType")

    return create


def _changed(does: Handler) -> Handler:
    async def update(rules: Sandbox, call: Call) -> Reply:
        """PUT …/bulk."""
        _, wishes = _wishes(call, "memos")
        return json_reply(200, {"success": True, "memos": await _each(rules, call, does, wishes, "id")})

    return update


async def create_invoices(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/invoices/batch."""
    body, wishes = _wishes(call, "invoices")
    if body.get("useSingleTransaction"):
        raise Refused(
            INVALID, "'useSingleTransaction' is not available in this tenant.", "useSingleTransaction"
        )
    made = await _each(rules, call, invoices.create_invoice, wishes, "")
    return json_reply(200, {"success": True, "invoices": made})


async def post_invoices(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/invoices/bulk-post: a date that comes along is put on the invoice first."""
    _, wishes = _wishes(call, "invoices")
    dated = [wish for wish in wishes if "invoiceDate" in wish]
    late = await _each(rules, call, invoices.update_invoice, dated, "id")
    wrong = {wish["id"]: said for wish, said in zip(dated, late, strict=True) if not said["success"]}
    found = []
    for wish in wishes:
        if wish.get("id") in wrong:
            found.append(wrong[wish["id"]])
            continue
        (said,) = await _each(rules, call, invoices.post_invoice, [{"id": wish.get("id")}], "id")
        found.append({"success": True, "id": said["id"]} if said["success"] else said)
    return json_reply(200, {"success": True, "invoices": found})


async def update_invoices(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/invoices: those that can be are changed; the first refusal is the answer."""
    _, wishes = _wishes(call, "invoices")
    for said in await _each(rules, call, invoices.update_invoice, wishes, "id"):
        if not said["success"]:
            reason = said["reasons"][0]
            raise Refused(reason["code"] % 100, reason["message"], "invoices")
    return json_reply(200, {"success": True})


_M, _D, _I = "/v1/credit-memos/bulk", "/v1/debit-memos/bulk", "/v1/invoices"
TABLE = (
    Route("POST", _M, "bulk_create_credit_memos", _made(memos.create_memo, memos.credit_invoice),
          "up to 50 credit memos"),
    Route("PUT", _M, "bulk_update_credit_memos", _changed(memos.update_memo), "change up to 50 credit memos"),
    Route("POST", _D, "bulk_create_debit_memos", _made(debits.create_memo, debits.debit_invoice),
          "up to 50 debit memos"),
    Route("PUT", _D, "bulk_update_debit_memos", _changed(debits.update_memo), "change up to 50 debit memos"),
    Route("POST", f"{_I}/batch", "bulk_create_invoices", create_invoices, "up to 50 standalone invoices"),
    Route("POST", f"{_I}/bulk-post", "bulk_post_invoices", post_invoices, "post up to 50 invoices"),
    Route("PUT", _I, "bulk_update_invoices", update_invoices, "change up to 50 invoices"),
)  # fmt: skip
