"""The table of NetSuite's paths, and the vendor as a value."""

from __future__ import annotations

from simulators.kit.mock import Vendor
from simulators.kit.table import Route
from simulators.netsuite.routes.door import credentials, disturb, serve, trouble
from simulators.netsuite.routes.records import create, listing, read, read_sublist, remove, update, upsert
from simulators.netsuite.routes.services import CATALOGUE, catalogue, limits, schema, suiteql, token
from simulators.netsuite.rules import signin
from simulators.netsuite.rules.sandbox import Sandbox
from simulators.netsuite.wire.models import QueryBody

_ROOT = "/services/rest"
_RECORD = f"{_ROOT}/record/v1"
TABLE = (
    Route("POST", signin.TOKEN_PATH, "token", token, "Access token (OAuth 2.0 M2M)", public=True, form=True),
    Route("GET", f"{_ROOT}/system/v1/governanceLimits", "limits", limits, "Concurrency limits"),
    Route("POST", f"{_ROOT}/query/v1/suiteql", "suiteql", suiteql, "Run SuiteQL", request=QueryBody),
    Route("GET", f"{_RECORD}/{CATALOGUE}", "catalogue", catalogue, "Record types"),
    Route("GET", f"{_RECORD}/{CATALOGUE}/{{type}}", "schema", schema, "Schema of a record type"),
    Route("GET", f"{_RECORD}/{{type}}", "list", listing, "List records"),
    Route("POST", f"{_RECORD}/{{type}}", "create", create, "Create a record"),
    Route("GET", f"{_RECORD}/{{type}}/{{id}}", "read", read, "Read a record"),
    Route("PATCH", f"{_RECORD}/{{type}}/{{id}}", "update", update, "Change a record"),
    Route("PUT", f"{_RECORD}/{{type}}/{{id}}", "upsert", upsert, "Upsert by external id"),
    Route("DELETE", f"{_RECORD}/{{type}}/{{id}}", "delete", remove, "Delete a record"),
    Route("GET", f"{_RECORD}/{{type}}/{{id}}/{{sublist}}", "lines", read_sublist, "Lines of a record"),
)

VENDOR = Vendor(
    name="netsuite",
    title="NetSuite SuiteTalk REST",
    port=4245,
    table=TABLE,
    open=Sandbox,
    serve=serve,
    trouble=trouble,
    disturb=disturb,
    credentials=credentials,
)
