"""The table of NetSuite's paths, and the vendor as a value."""

from __future__ import annotations

from simulators.kit.mock import Vendor
from simulators.kit.table import Route
from simulators.netsuite.fidelity import FIDELITY
from simulators.netsuite.routes import jobs, lines, metadata, records, services
from simulators.netsuite.routes.disturbances import ACTS
from simulators.netsuite.routes.door import TYPES, answers, credentials, lacks, serve, trouble
from simulators.netsuite.rules import signin
from simulators.netsuite.rules.query.tables import TABLES
from simulators.netsuite.rules.sandbox import OPTIONS, Sandbox
from simulators.netsuite.wire.models import QueryBody

_ROOT = "/services/rest"
_RECORD = f"{_ROOT}/record/v1"
_TYPE = f"{_RECORD}/{{type}}"
_ONE = f"{_TYPE}/{{id}}"
_PART = f"{_ONE}/{{sublist}}"
_LINE = f"{_PART}/{{line}}"
_JOB = f"{jobs.JOB_PATH}/{{job}}"
_TASK = f"{_JOB}/task/{{task}}"
TABLE = (
    Route("POST", signin.TOKEN_PATH, "token", services.token,
          "Access token: machine to machine (ES256, PS256…), authorization code, refresh",
          public=True, form=True),
    Route("POST", signin.REVOKE_PATH, "revoke", services.revoke, "Revoke an OAuth 2.0 token",
          public=True, form=True),
    Route("GET", signin.AUTHORIZE_PATH, "authorize", services.authorize,
          "Authorization code grant; consent is given at once", public=True),
    Route("GET", "/rest/tokeninfo", "token_info", services.token_info, "Whose token it is"),
    Route("GET", "/rest/revoketoken", "revoke_token", services.revoke_token, "Revoke the token of the call"),
    Route("GET", f"{_ROOT}/system/v1/governanceLimits", "limits", services.limits, "Concurrency limits"),
    Route("GET", f"{_ROOT}/system/v1/serverTime", "server_time", services.server_time, "The vendor's clock"),
    Route("POST", f"{_ROOT}/query/v1/suiteql", "suiteql", services.suiteql, "Run SuiteQL", request=QueryBody),
    Route("GET", _JOB, "job", jobs.job, "State of an asynchronous job"),
    Route("GET", f"{_JOB}/task", "tasks", jobs.tasks, "Tasks of a job"),
    Route("GET", _TASK, "task", jobs.task, "State of a task"),
    Route("GET", f"{_TASK}/result", "result", jobs.result, "Answer of a task"),
    Route("GET", f"{_RECORD}/{metadata.CATALOGUE}", "catalogue", metadata.catalogue,
          "Record types, or their OpenAPI document"),
    Route("GET", f"{_RECORD}/{metadata.CATALOGUE}/{{type}}", "schema", metadata.one,
          "One record type: links, JSON schema or OpenAPI document"),
    Route("GET", _TYPE, "list", records.listing, "List records, filtered by q, or those of ids"),
    Route("POST", _TYPE, "create", records.create, "Create a record, or as a batch up to 100"),
    Route("PATCH", _TYPE, "batch_update", jobs.batch_only_async, "Change up to 100 records, asynchronously"),
    Route("PUT", _TYPE, "batch_upsert", jobs.batch_only_async, "Upsert up to 100 records, asynchronously"),
    Route("DELETE", _TYPE, "batch_delete", jobs.batch_only_async, "Delete up to 100 records, asynchronously"),
    Route("GET", _ONE, "read", records.read, "Read a record by internal or external id"),
    Route("PATCH", _ONE, "update", records.update, "Change a record"),
    Route("PUT", _ONE, "upsert", records.upsert, "Upsert by external id"),
    Route("DELETE", _ONE, "delete", records.remove, "Delete a record"),
    Route("POST", f"{_ONE}/!transform/{{target}}", "transform", records.transform,
          "Make an invoice of an order, a payment or credit of an invoice, and so on"),
    Route("POST", f"{_ONE}/!attach/{{what}}/{{attached}}", "attach", lines.attach, "Attach a contact"),
    Route("POST", f"{_ONE}/!detach/{{what}}/{{attached}}", "detach", lines.detach, "Detach a contact"),
    Route("GET", _PART, "lines", lines.read_part, "Sublist, subrecord or referenced record"),
    Route("POST", _PART, "add_line", lines.add_line, "Add a line to a sublist"),
    Route("GET", _LINE, "line", lines.read_line, "One line of a sublist"),
    Route("PATCH", _LINE, "change_line", lines.change_line, "Change one line of a sublist"),
    Route("GET", f"{_LINE}/{{part}}", "line_part", lines.read_line_part, "A subrecord of a line: an address"),
    Route("PATCH", f"{_LINE}/{{part}}", "change_line_part", lines.change_line_part, "Change it"),
)  # fmt: skip

VENDOR = Vendor(
    name="netsuite",
    title="NetSuite SuiteTalk REST",
    port=4245,
    table=TABLE,
    open=Sandbox,
    serve=serve,
    trouble=trouble,
    answers=answers,
    acts=ACTS,
    credentials=credentials,
    fidelity=FIDELITY,
    options=OPTIONS,
    records=frozenset(TYPES.values()) | frozenset(TABLES),
    lacks=lacks,
)
