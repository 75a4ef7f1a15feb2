"""Several calls in one: what comes in, and what each part answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field

from simulators.salesforce.wire.errors import LOCKED, error_array, row_error

SUBREQUEST_LIMIT = 25
RECORD_LIMIT = 200
RETRIEVE_LIMIT = 2000
NODE_LIMIT = 500  # of all graphs of a call


class Subrequest(BaseModel):
    """One part of a composite call; strings may hold references @{id.path}."""

    model_config = ConfigDict(extra="forbid")
    method: str
    url: str
    referenceId: str
    body: Any = None
    httpHeaders: dict[str, str] = Field(default_factory=dict)


class CompositeCall(BaseModel):
    """POST /composite."""

    model_config = ConfigDict(extra="forbid")
    allOrNone: bool = False
    collateSubrequests: bool = False
    compositeRequest: list[Subrequest]


class BatchPart(BaseModel):
    """One part of a batch; its url stands under /services/data/."""

    model_config = ConfigDict(extra="forbid")
    method: str
    url: str
    richInput: Any = None


class BatchCall(BaseModel):
    """POST /composite/batch."""

    model_config = ConfigDict(extra="forbid")
    haltOnError: bool = False
    batchRequests: list[BatchPart]


class CollectionCall(BaseModel):
    """POST, PATCH /composite/sobjects and the collection upsert."""

    model_config = ConfigDict(extra="forbid")
    allOrNone: bool = False
    records: list[dict[str, Any]]


class RetrieveCall(BaseModel):
    """POST /composite/sobjects/{sobject}: many records by their ids."""

    model_config = ConfigDict(extra="forbid")
    ids: list[str]
    fields: list[str]


class Graph(BaseModel):
    """One graph: parts that refer to each other, all or none."""

    model_config = ConfigDict(extra="forbid")
    graphId: str
    compositeRequest: list[Subrequest]


class GraphCall(BaseModel):
    """POST /composite/graph."""

    model_config = ConfigDict(extra="forbid")
    graphs: list[Graph]


class TreeCall(BaseModel):
    """POST /composite/tree/{sobject}."""

    model_config = ConfigDict(extra="forbid")
    records: list[dict[str, Any]]


def part(reference: str, status: int, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    """The answer of one subrequest; `body` is JSON already."""
    return {
        "body": orjson.Fragment(body) if body else None,
        "httpHeaders": dict(headers),
        "httpStatusCode": status,
        "referenceId": reference,
    }


def failed_row(code: str, message: str, fields: Sequence[str] = (), record_id: str = "") -> dict[str, Any]:
    """A row of a collection that was refused."""
    row: dict[str, Any] = {"success": False, "errors": [row_error(code, message, fields)]}
    return {"id": record_id, **row} if record_id else row


def locked(path: str, body: Any, ids: Sequence[str]) -> Any:
    """What a composite call answers when every part met a locked row; None if it has no parts.

    body: the parsed request; ids: those of a collection delete."""
    body = body if isinstance(body, dict) else {}
    array = error_array(*LOCKED)
    if path.endswith("/composite"):
        found = body.get("compositeRequest") or []
        lost = {"body": array, "httpHeaders": {}, "httpStatusCode": 400}
        parts = [{**lost, "referenceId": each.get("referenceId", "")} for each in found]
        return {"compositeResponse": parts} if parts else None
    if path.endswith("/composite/batch"):
        found = body.get("batchRequests") or []
        results = [{"statusCode": 400, "result": array} for _ in found]
        return {"hasErrors": True, "results": results} if results else None
    return [failed_row(*LOCKED) for _ in (body.get("records") or ids)] or None
