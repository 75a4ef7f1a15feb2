"""Several calls in one: composite with references between its parts, and batch without."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson

from simulators.kit.table import Call, Matcher, Reply, Route, dumps, json_reply
from simulators.salesforce.routes.about import ABOUT_TABLE
from simulators.salesforce.routes.collections import COLLECTION_TABLE
from simulators.salesforce.routes.door import answer, model_of, refusal
from simulators.salesforce.routes.queries import QUERY_TABLE
from simulators.salesforce.routes.search import SEARCH_TABLE
from simulators.salesforce.routes.sobjects import SOBJECT_TABLE
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.wire.composite import (
    NODE_LIMIT,
    SUBREQUEST_LIMIT,
    BatchCall,
    CompositeCall,
    GraphCall,
    Subrequest,
    part,
)
from simulators.salesforce.wire.errors import BATCH_HALTED, HALTED, error_array

_ROOT = "/services/data/{version}/composite"
_REFERENCE = re.compile(r"@\{([^{}]+)\}")
_STEP = re.compile(r"\.?(\w+)|\[(\d+)\]")


class _Undo(Exception):
    """Takes the whole call back."""


@lru_cache(maxsize=1)
def _parts() -> Matcher:
    """What may be a part: everything but sign-in, tooling and composite calls themselves."""
    return Matcher((*SOBJECT_TABLE, *ABOUT_TABLE, *QUERY_TABLE, *COLLECTION_TABLE, *SEARCH_TABLE))


async def _dispatch(
    org: Org, method: str, url: str, body: Any, base_url: str, more: Mapping[str, str] | None = None
) -> Reply:
    path, _, query = url.partition("?")
    route, params, known = _parts().find(method.upper(), path)
    if route is None:
        code = "METHOD_NOT_ALLOWED" if known else "NOT_FOUND"
        return refusal(Refused(code, "The requested resource does not exist"))
    own = {name.lower(): value for name, value in (more or {}).items() if name.lower() != "authorization"}
    headers = {"content-type": "application/json", **own}
    sent = b"" if body is None else dumps(body)
    return await answer(org, route, Call(method.upper(), path, query, headers, sent, params, base_url))


async def composite(org: Org, call: Call) -> Reply:
    """Always 200; each part has its own status. One call of the quota."""
    wish = model_of(call, CompositeCall)
    requests = wish.compositeRequest
    names = [each.referenceId for each in requests]
    if not requests or len(requests) > SUBREQUEST_LIMIT:  # unconfirmed: this code
        said = f"Number of subrequests must be between 1 and {SUBREQUEST_LIMIT}"
        raise Refused("LIMIT_EXCEEDED", said)
    if len(set(names)) != len(names):  # unconfirmed: this code
        raise Refused("INVALID_INPUT", "Duplicate referenceId")
    replies = await _all(org, requests, call.base_url, whole=wish.allOrNone)
    parts = [part(name, replies[name].status, replies[name].body, _told(replies[name])) for name in names]
    return json_reply(200, {"compositeResponse": parts})


async def graph(org: Org, call: Call) -> Reply:
    """Graphs one after the other, each all or none."""
    wish = model_of(call, GraphCall)
    if not wish.graphs or sum(len(each.compositeRequest) for each in wish.graphs) > NODE_LIMIT:
        raise Refused("LIMIT_EXCEEDED", f"Number of nodes must be between 1 and {NODE_LIMIT}")  # unconfirmed
    answers = []
    for each in wish.graphs:
        names = [request.referenceId for request in each.compositeRequest]
        if len(set(names)) != len(names):
            raise Refused("INVALID_INPUT", f"Duplicate referenceId in graph {each.graphId}")
        replies = await _all(org, each.compositeRequest, call.base_url, whole=True)
        parts = [part(name, replies[name].status, replies[name].body, _told(replies[name])) for name in names]
        answers.append({
            "graphId": each.graphId, "graphResponse": {"compositeResponse": parts},
            "isSuccessful": all(reply.status < 300 for reply in replies.values()),
        })  # fmt: skip
    return json_reply(200, {"graphs": answers})


async def _all(org: Org, requests: list[Subrequest], base_url: str, *, whole: bool) -> dict[str, Reply]:
    """The replies by reference; `whole`: all or none."""
    names = [each.referenceId for each in requests]
    replies: dict[str, Reply] = {}
    try:
        if whole:
            # No part ever waits, so nothing else can slip into the unit of work.
            with org.records.unit():
                await _run(org, requests, replies, base_url, halt=True)
        else:
            await _run(org, requests, replies, base_url, halt=False)
    except _Undo:
        halted = json_reply(400, error_array(*HALTED))
        replies = {
            name: replies[name] if name in replies and replies[name].status >= 300 else halted
            for name in names
        }
    return replies


async def _run(
    org: Org, requests: list[Subrequest], replies: dict[str, Reply], base_url: str, *, halt: bool
) -> None:
    for each in requests:
        try:
            url, body = _filled(each.url, replies, as_text=True), _filled(each.body, replies)
        except Refused as refused:
            reply = refusal(refused)
        else:
            reply = await _dispatch(org, each.method, url, body, base_url, each.httpHeaders)
        replies[each.referenceId] = reply
        if halt and reply.status >= 300:
            raise _Undo


def _told(reply: Reply) -> dict[str, str]:
    return {name: value for name, value in reply.headers if name == "Location"}


def _filled(value: Any, replies: dict[str, Reply], *, as_text: bool = False) -> Any:
    """`value` with every @{reference} replaced by what an earlier part answered."""
    if isinstance(value, str):
        if "@{" not in value:
            return value
        whole = _REFERENCE.fullmatch(value)
        if whole and not as_text:
            return _referred(whole[1], replies)
        return _REFERENCE.sub(lambda found: str(_referred(found[1], replies)), value)
    if isinstance(value, dict):
        return {name: _filled(each, replies) for name, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, replies) for each in value]
    return value


def _referred(text: str, replies: dict[str, Reply]) -> Any:
    """The value of `name.field`, `name.records[0].Id`, `name[0].id`."""
    name = re.split(r"[.\[]", text, maxsplit=1)[0]
    try:
        reply = replies[name]
        if reply.status >= 300:
            raise KeyError(name)
        value = json.loads(reply.body, parse_float=Decimal)
        for step in _STEP.finditer(text[len(name) :]):
            value = value[int(step[2])] if step[2] else value[step[1]]
    except (KeyError, IndexError, TypeError, ValueError):
        said = f"Invalid reference specified. No value for {text} found in {name}"
        raise Refused("PROCESSING_HALTED", said) from None
    return value


async def batch(org: Org, call: Call) -> Reply:
    """Independent parts; after a failure the rest is halted (412) if so wished."""
    wish = model_of(call, BatchCall)
    if not wish.batchRequests or len(wish.batchRequests) > SUBREQUEST_LIMIT:  # unconfirmed: this code
        said = f"Number of subrequests must be between 1 and {SUBREQUEST_LIMIT}"
        raise Refused("LIMIT_EXCEEDED", said)
    results: list[dict[str, Any]] = []
    failed = False
    for each in wish.batchRequests:
        if failed and wish.haltOnError:
            results.append({"statusCode": 412, "result": error_array(*BATCH_HALTED)})
            continue
        url = each.url if each.url.startswith("/") else f"/services/data/{each.url}"
        reply = await _dispatch(org, each.method, url, each.richInput, call.base_url)
        failed = failed or reply.status >= 300
        body = orjson.Fragment(reply.body) if reply.body else None
        results.append({"statusCode": reply.status, "result": body})
    return json_reply(200, {"hasErrors": failed, "results": results})


COMPOSITE_TABLE = (
    Route("POST", _ROOT, "composite", composite, "several calls in one", CompositeCall),
    Route("POST", f"{_ROOT}/graph", "graph", graph, "graphs of calls, each all or none", GraphCall),
    Route("POST", f"{_ROOT}/batch", "batch", batch, "several independent calls in one", BatchCall),
)
