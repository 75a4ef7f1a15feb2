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
FILE_NAME_MAX = 50


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
    """POST /v1/usage: a CSV file as multipart form data; all of it or nothing.

    What its records say is looked at after the answer: a wrong one shows in the status of the import."""
    name, data = _file(call)
    if len(data) > FILE_BYTES_MAX:
        raise Refused(INVALID, "The file is larger than 4 MB.", "file")
    if len(name) > FILE_NAME_MAX:
        raise Refused(INVALID, f"The file name is longer than {FILE_NAME_MAX} characters.", "file")
    try:
        made = usage.import_all(rules.state, name, metering.columns(data, name))
    except Refused as no:
        made = usage.failed_import(rules.state, name, data.count(b"\n"), no.message)
    path = f"/v1/usage/{made.id}/status"
    return json_reply(200, {"success": True, "size": len(data), "checkImportStatus": path})


async def get_import_status(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/usage/{id}/status: the path that the answer to a file names."""
    found = usage.find_import(rules.state, call.params["id"])
    return json_reply(200, {"success": True, "importStatus": found.status, "message": found.reason or None})


async def get_import(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/object/import/{id}."""
    return json_reply(200, metering.imported(usage.find_import(rules.state, call.params["id"])))


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
    Route("GET", "/v1/usage/{id}/status", "get_usage_import_status", get_import_status, "how a file fared"),
    Route("GET", "/v1/object/import/{id}", "get_import", get_import, "a file that was sent"),
    Route("GET", "/v1/usage/accounts/{key}", "list_account_usage", list_usage, "an account's usage, paged"),
)
