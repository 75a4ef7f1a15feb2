"""SOQL over HTTP, limits, versions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.salesforce.rules.cursors import BATCH_MAX, Found
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.paths import Scope
from simulators.salesforce.rules.plans import Plan
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.selection import Selection
from simulators.salesforce.rules.store import Record
from simulators.salesforce.wire import limits as shapes
from simulators.salesforce.wire.records import batch, row

_ROOT = "/services/data/{version}"
_BATCH_SIZE = re.compile(r"batchSize\s*=\s*(\d+)", re.IGNORECASE)


async def query(org: Org, call: Call) -> Reply:
    """Records that are not deleted."""
    return await _first(org, call, deleted=False)


async def query_all(org: Org, call: Call) -> Reply:
    """Records, those in the recycle bin too."""
    return await _first(org, call, deleted=True)


async def _first(org: Org, call: Call, *, deleted: bool) -> Reply:
    text = call.args().get("q")
    if not text and call.args().get("explain"):
        return await explain(org, call.args()["explain"])
    if not text:
        raise Refused("MALFORMED_QUERY", "A query string has to be specified")
    size = _BATCH_SIZE.search(call.headers.get("sforce-query-options", ""))
    return _batch(org, call, org.cursors.query(text, int(size[1]) if size else BATCH_MAX, deleted=deleted))


async def query_more(org: Org, call: Call) -> Reply:
    """The next batch."""
    return _batch(org, call, org.cursors.more(call.params["locator"]))


def _batch(org: Org, call: Call, found: Found) -> Reply:
    version = call.params["version"]
    rows = list(found.rows)
    if found.selection is not None:
        rows = rendered(org, found.selection, found.records, found.scope, version)
    more = f"/services/data/{version}/query/{found.next}" if found.next else ""
    return json_reply(200, batch(found.total, rows, more))


def rendered(
    org: Org, selection: Selection, records: Sequence[Record], scope: Scope, version: str
) -> list[dict[str, Any]]:
    """Records as rows of a query."""

    def below(plan: Plan, parent: Record) -> tuple[Any, Sequence[Record]]:
        return plan.selection, plan.run_below(scope, parent)

    return [row(selection, each, version, org.store.by_id, below) for each in records]


async def explain(org: Org, text: str) -> Reply:
    """?explain=SOQL: how selective a query is."""
    plan, scope, _ = org.cursors.plan(text)
    size = len(org.store.shelves[plan.entity.name].records)
    line = {
        "cardinality": size if plan.access is None else sum(1 for _ in plan.access(scope)),
        "fields": [], "leadingOperationType": "TableScan" if plan.access is None else "Index",
        "notes": [], "relativeCost": 1.0 if plan.access is None else 0.1, "sobjectCardinality": size,
        "sobjectType": plan.entity.name,
    }  # fmt: skip
    return json_reply(200, {"plans": [line], "sourceQuery": text})


async def limits(org: Org, _: Call) -> Reply:
    """What is left of the daily quota."""
    return json_reply(200, shapes.limits(org.quota.limit, org.quota.used))


async def record_counts(org: Org, call: Call) -> Reply:
    """?sObjects=A,B: about how many records each object has."""
    wish = call.args().get("sObjects")
    entities = list(org.catalogue.entities.values())
    if wish:
        entities = [
            each for name in wish.split(",") if (each := org.catalogue.known(name.strip())) is not None
        ]
    shelves = [org.store.shelves[entity.name] for entity in entities]
    counts = [{"count": len(s.records) - len(s.deleted), "name": s.entity.name} for s in shelves]
    return json_reply(200, {"sObjects": counts})


async def recent(_: Org, __: Call) -> Reply:
    """Nobody looks at records on a screen here, so none was viewed."""
    return json_reply(200, [])


async def versions(_: Org, __: Call) -> Reply:
    """The versions of the interface."""
    return json_reply(200, shapes.versions())


async def resources(_: Org, call: Call) -> Reply:
    """The resources of a version."""
    return json_reply(200, shapes.resources(call.params["version"]))


QUERY_TABLE = (
    Route("GET", "/services/data", "versions", versions, "versions of the interface", public=True),
    Route("GET", _ROOT, "resources", resources, "resources of a version"),
    Route("GET", f"{_ROOT}/query", "query", query, "?q=SOQL: the first batch"),
    Route("GET", f"{_ROOT}/queryAll", "query_all", query_all, "?q=SOQL: deleted records too"),
    Route("GET", f"{_ROOT}/query/{{locator}}", "query_more", query_more, "the next batch"),
    Route("GET", f"{_ROOT}/queryAll/{{locator}}", "query_all_more", query_more, "the next batch"),
    Route("GET", f"{_ROOT}/limits", "limits", limits, "the daily quota"),
    Route("GET", f"{_ROOT}/limits/recordCount", "record_counts", record_counts, "records by object"),
    Route("GET", f"{_ROOT}/recent", "recent", recent, "records last viewed: none"),
)
