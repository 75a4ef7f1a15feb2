"""Pages of the v1 lists: page and pageSize in, a full URL of the next page out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from simulators.kit.table import Call, Reply, json_reply
from simulators.zuora.rules.refusal import INVALID, Refused

PAGE_SIZE, PAGE_SIZE_MAX = 10, 40

T = TypeVar("T")


def page(call: Call, items: Sequence[T], member: str, render: Callable[[T], Any]) -> Reply:
    """One page of a list; a larger pageSize counts as 40."""
    args = call.args()
    number, size = whole(args, "page", 1), min(whole(args, "pageSize", PAGE_SIZE), PAGE_SIZE_MAX)
    start = (number - 1) * size
    body: dict[str, Any] = {"success": True, member: [render(item) for item in items[start : start + size]]}
    if start + size < len(items):
        rest = {**args, "page": str(number + 1), "pageSize": str(size)}
        body["nextPage"] = f"{call.base_url}{call.path}?{urlencode(rest)}"
    return json_reply(200, body)


def whole(args: dict[str, str], name: str, default: int) -> int:
    """A positive whole number of the query string."""
    text = args.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise Refused(INVALID, f"'{name}' must be a positive whole number.", name)
    return int(text)
