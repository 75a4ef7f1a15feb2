"""Records with their children in one call: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.salesforce.routes.door import model_of
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity
from simulators.salesforce.wire.composite import RECORD_LIMIT, TreeCall
from simulators.salesforce.wire.errors import row_error

_DEPTH = 5
_TYPES = 5


class _Failed(Exception):
    """Takes the whole tree back."""


class _Planter:
    """Writes one tree. results: reference and id, or what was wrong."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self.results: list[dict[str, Any]] = []
        self.errors: list[dict[str, Any]] = []
        self._seen: set[str] = set()
        self._kinds: set[str] = set()

    def plant(self, entity: Entity, body: Mapping[str, Any], above: Mapping[str, Any], depth: int) -> None:
        """One record, then what hangs below it."""
        attributes = body.get("attributes")
        told = attributes if isinstance(attributes, dict) else {}
        reference = told.get("referenceId")
        if not isinstance(reference, str) or not reference:
            raise Refused("INVALID_INPUT", "Include a reference ID for each record in the request.")
        if reference in self._seen:
            raise Refused("INVALID_INPUT", f"Duplicate ReferenceId provided in the request: {reference}")
        self._seen.add(reference)
        self._kinds.add(entity.name)
        if len(self._seen) > RECORD_LIMIT:
            raise Refused("INVALID_INPUT", f"A request can hold at most {RECORD_LIMIT} records")
        if depth > _DEPTH or len(self._kinds) > _TYPES:
            raise Refused("INVALID_INPUT", f"A tree can have at most {_DEPTH} levels and {_TYPES} types")
        if str(told.get("type", "")).lower() != entity.name.lower():
            raise Refused("INVALID_TYPE", f"Expected records of type {entity.name}")
        ways = self._org.catalogue.children[entity.name]
        below = {name: value for name, value in body.items() if _is_below(name, value, ways)}
        own = {name: value for name, value in body.items() if name not in below}
        made = None
        try:
            with self._org.records.unit():
                made = self._org.create(entity, {**own, **above})
        except Refused as refused:
            error = row_error(refused.code, refused.message, refused.fields)
            self.errors.append({"referenceId": reference, "errors": [error]})
            return
        self.results.append({"referenceId": reference, "id": made.id})
        for name, value in below.items():
            way = ways[name.lower()]
            for child in value["records"]:
                if not isinstance(child, dict):
                    raise Refused("JSON_PARSER_ERROR", "records must be objects")
                self.plant(way.entity, child, {way.field.name: made.id}, depth + 1)


def _is_below(name: str, value: object, ways: Mapping[str, object]) -> bool:
    return name.lower() in ways and isinstance(value, dict) and isinstance(value.get("records"), list)


async def tree(org: Org, call: Call) -> Reply:
    """201 with an id a reference; 400 names what was wrong, and nothing is written."""
    entity = org.catalogue.entity(call.params["sobject"])
    wish = model_of(call, TreeCall)
    if not wish.records:
        raise Refused("INVALID_INPUT", "records: at least one record is needed")
    planter = _Planter(org)
    try:
        with org.records.unit():
            for body in wish.records:
                planter.plant(entity, body, {}, 1)
            if planter.errors:
                raise _Failed
    except _Failed:
        return json_reply(400, {"hasErrors": True, "results": planter.errors})
    return json_reply(201, {"hasErrors": False, "results": planter.results})


TREE_TABLE = (
    Route("POST", "/services/data/{version}/composite/tree/{sobject}", "tree", tree,
          "records with their children, all or none", TreeCall),
)  # fmt: skip
