"""Lists: filtered, ordered and cut into pages, in the vendor's envelope."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from simulators.avatax.routes.reading import query
from simulators.avatax.rules.filtering import Criterion, Fields, order, page, parse, select
from simulators.kit.table import Call, Reply, json_reply

T = TypeVar("T")


def criteria_of(call: Call) -> tuple[Criterion, ...]:
    """What $filter asks for."""
    return parse(query(call).get("$filter", ""))


def listed(
    call: Call,
    records: Iterable[T],
    criteria: Sequence[Criterion],
    fields: Fields,
    render: Callable[[T], dict[str, Any]],
) -> Reply:
    """{"@recordsetCount", "value", "@nextLink"}; the link is there when more follows."""
    wishes = query(call)
    wanted = page(wishes.get("$top", ""), wishes.get("$skip", ""))
    found = order(select(records, criteria, fields), wishes.get("$orderby", ""), fields)
    end = wanted.skip + wanted.top
    answer: dict[str, Any] = {
        "@recordsetCount": len(found),
        "value": [render(record) for record in found[wanted.skip : end]],
    }
    if len(found) > end:
        rest = {**wishes, "$top": str(wanted.top), "$skip": str(end)}
        answer["@nextLink"] = f"{call.base_url}{call.path}?{urlencode(rest, quote_via=quote, safe='$')}"
    return json_reply(200, answer)
