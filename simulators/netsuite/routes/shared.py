"""What handlers share: reading a body, writing a collection."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from simulators.kit.table import Call, Reply, json_reply
from simulators.netsuite.rules.refusal import Refused


def body_of(call: Call) -> Any:
    """The JSON body; INVALID_CONTENT if it is none."""
    try:
        return call.json()
    except ValueError as error:
        raise Refused("INVALID_CONTENT", f"The request body is not JSON: {error}") from error


def collection(call: Call, items: list[dict[str, Any]], limit: int, offset: int, total: int) -> Reply:
    """One page, with links to its neighbours."""
    more = offset + len(items) < total
    steps = {"self": offset}
    if offset:
        steps.update(first=0, previous=max(offset - limit, 0))
    if more:
        steps.update(next=offset + limit, last=(total - 1) // limit * limit)
    filtered = call.args().get("q") if call.query else None
    rest = f"&q={quote(filtered)}" if filtered else ""
    path = f"{call.base_url}{call.path}?limit={limit}"
    links = [{"rel": rel, "href": f"{path}&offset={at}{rest}"} for rel, at in steps.items()]
    value = {
        "links": links,
        "count": len(items),
        "hasMore": more,
        "items": items,
        "offset": offset,
        "totalResults": total,
    }
    return json_reply(200, value)
