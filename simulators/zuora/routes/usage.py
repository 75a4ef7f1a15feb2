"""Paths of usage: CRUD, an import file, and an account's records."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import HTTP

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes.paging import page
from simulators.zuora.rules import accounts, usage
from simulators.zuora.rules.refusal import INVALID, MISSING, Refused
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import metering
from simulators.zuora.wire.shape import read_crud

FILE_BYTES_MAX = 4 * 1024 * 1024


async def create_usage(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/object/usage."""
    made = usage.take_in(rules.state, read_crud(metering.NewUsage, call).wish())
    return json_reply(200, {"Success": True, "Id": made.id})


async def get_usage(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/object/usage/{id}."""
    shown = metering.crud(usage.find(rules.state, call.params["id"]))
    wanted = {name for name in call.args().get("fields", "").split(",") if name}
    return json_reply(200, {k: v for k, v in shown.items() if not wanted or k in wanted or k == "Id"})


async def update_usage(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/object/usage/{id}."""
    found = usage.find(rules.state, call.params["id"])
    usage.change(rules.state, found, read_crud(metering.UsageChange, call).given())
    return json_reply(200, {"Success": True, "Id": found.id})


async def delete_usage(rules: Sandbox, call: Call) -> Reply:
    """DELETE /v1/object/usage/{id}."""
    found = usage.find(rules.state, call.params["id"])
    usage.remove(rules.state, found)
    return json_reply(200, {"success": True, "id": found.id})


async def upload_usage(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/usage: a CSV file as multipart form data; all of it or nothing."""
    name, data = _file(call)
    if len(data) > FILE_BYTES_MAX:
        raise Refused(INVALID, "The file is larger than 4 MB.", "file")
    wishes = metering.columns(data, name)
    for wish in wishes:
        usage.checked(rules.state, wish)
    for wish in wishes:
        usage.take_in(rules.state, wish)
    key = rules.state.new_id()
    shown = {"success": True, "size": len(data), "checkImportStatus": f"/v1/imports/{key}"}
    return json_reply(200, shown)


def _file(call: Call) -> tuple[str, bytes]:
    """Name and bytes of the form's `file`."""
    head = f"content-type: {call.headers.get('content-type', '')}\r\n\r\n".encode()
    for part in message_from_bytes(head + call.body, policy=HTTP).iter_parts():
        if part.get_param("name", header="content-disposition") == "file":
            data = part.get_payload(decode=True)
            name = part.get_filename() or "usage.csv"
            if name.lower().endswith((".xls", ".xlsx", ".zip")):
                raise Refused(INVALID, f"Files like {name} are not taken in here; use CSV.", "file")
            return name, data if isinstance(data, bytes) else b""
    raise Refused(MISSING, "'file' is required.", "file")


async def list_usage(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/usage/accounts/{key}: latest first."""
    account = accounts.find(rules.state, call.params["key"])
    found = list(rules.state.usage.where("accountId", account.id).values())
    found.sort(key=lambda reading: (reading.begins, reading.seq), reverse=True)
    return page(call, found, "usage", metering.item)


_ONE = "/v1/object/usage/{id}"

TABLE = (
    Route("POST", "/v1/object/usage", "create_usage", create_usage, "a usage record", metering.NewUsage),
    Route("GET", _ONE, "get_usage", get_usage, "one record"),
    Route("PUT", _ONE, "update_usage", update_usage, "change a record not billed", metering.UsageChange),
    Route("DELETE", _ONE, "delete_usage", delete_usage, "delete a record not billed"),
    Route("POST", "/v1/usage", "upload_usage_file", upload_usage, "usage records as a CSV file", form=True),
    Route("GET", "/v1/usage/accounts/{key}", "list_account_usage", list_usage, "an account's usage, paged"),
)
