"""Lists: filtered, ordered and cut into pages, in the vendor's envelope."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from simulators.avatax.routes.reading import query
from simulators.avatax.rules.filtering import Fields, Filter, parse, select
from simulators.avatax.rules.paging import Page, order, page
from simulators.kit.table import Call, Reply, json_reply

T = TypeVar("T")


def filter_of(call: Call) -> Filter | None:
    """What $filter asks for."""
    return parse(query(call).get("$filter", ""))


def page_of(call: Call) -> Page:
    """Which part of the list is asked for."""
    wishes = query(call)
    return page(wishes.get("$top", ""), wishes.get("$skip", ""))


def order_of(call: Call) -> str:
    """What $orderBy asks for."""
    return query(call).get("$orderby", "")


def listed(
    call: Call,
    records: Iterable[T],
    wish: Filter | None,
    fields: Fields,
    render: Callable[[T], dict[str, Any]],
) -> Reply:
    """The records that are asked for."""
    wanted = page_of(call)
    found = order(select(records, wish, fields), order_of(call), fields)
    return envelope(call, wanted, found[wanted.skip : wanted.skip + wanted.top], len(found), render)


def envelope(
    call: Call, wanted: Page, records: Iterable[T], count: int, render: Callable[[T], dict[str, Any]]
) -> Reply:
    """{"@recordsetCount", "value", "@nextLink"}; the link is there when more follows."""
    end = wanted.skip + wanted.top
    answer: dict[str, Any] = {"@recordsetCount": count, "value": [render(record) for record in records]}
    if count > end:
        rest = {**query(call), "$top": str(wanted.top), "$skip": str(end)}
        answer["@nextLink"] = f"{call.base_url}{call.path}?{urlencode(rest, quote_via=quote, safe='$')}"
    return json_reply(200, answer)
