"""What handlers share: reading a body, validation headers, writing a collection."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from simulators.kit.table import Call, Reply, dumps
from simulators.netsuite.rules.refusal import Refused, invalid_content
from simulators.netsuite.wire.parse import validation
from simulators.netsuite.wire.shapes import media

_TYPES = ("application/json", "application/vnd.oracle.resource+json")


def body_of(call: Call) -> Any:
    """The JSON body; INVALID_CONTENT if it is none, 415 if it says that it is something else."""
    given = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given and given not in _TYPES:
        detail = f"The media type '{given}' is not supported. Use application/json."
        raise Refused("UNSUPPORTED_MEDIA_TYPE", detail, "Header", "Content-Type")
    try:
        return call.json()
    except ValueError as error:
        raise invalid_content(f"Invalid content in the request body: {error}") from error


def modes(call: Call) -> tuple[str, str]:
    """What to do about (unknown names, wrong values); the vendor's defaults are Warning and Error."""
    names = validation(call.headers, "X-NetSuite-PropertyNameValidation", "warning")
    values = validation(call.headers, "X-NetSuite-PropertyValueValidation", "error")
    return names, values


def flag(args: dict[str, str], name: str) -> bool:
    """A query parameter that is true or not."""
    return args.get(name, "").lower() == "true"


def singular(status: int, value: object) -> Reply:
    """One resource."""
    return Reply(status, dumps(value), (media("singular"),))


def collection(
    call: Call,
    items: list[dict[str, Any]],
    limit: int,
    offset: int,
    total: int,
    keep: tuple[str, ...] = ("q",),
) -> Reply:
    """One page, with links to its neighbours; keep: query parameters that the links carry on."""
    more = offset + len(items) < total
    steps = {"self": offset}
    if offset:
        steps.update(first=0, previous=max(offset - limit, 0))
    if more:
        steps.update(next=offset + limit, last=(total - 1) // limit * limit)
    args = call.args() if call.query else {}
    rest = "".join(f"&{name}={quote(args[name])}" for name in keep if args.get(name))
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
    return Reply(200, dumps(value), (media("collection"),))
