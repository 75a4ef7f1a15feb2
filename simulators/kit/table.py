"""A mock's routes are one written-out table; both faces, and the papers, are made from it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson
from pydantic import BaseModel

Headers = tuple[tuple[str, str], ...]
_join = b"".join
_DECODER = json.JSONDecoder(parse_float=Decimal)


@dataclass(slots=True)
class Call:
    """One request as it arrived: header names in lower case, path still percent-encoded.

    memo: what a vendor's parser has made of it, so that it is parsed once.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    params: dict[str, str] = field(default_factory=dict)
    base_url: str = ""
    memo: Any = field(default=None, init=False, repr=False, compare=False)

    def args(self) -> dict[str, str]:
        """The query string; of repeated names the last counts."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    def json(self) -> Any:
        """The body, numbers with a point as Decimal; ValueError if it is not JSON."""
        try:
            return _DECODER.decode(self.body.decode())
        except RecursionError:
            raise ValueError("JSON nested too deeply") from None


# Not frozen: that would make them, of which every request takes a few, three times as slow.
@dataclass(slots=True)
class Reply:
    """What goes back: status, body as bytes, headers in order. Not to be changed: it may be kept.

    cut: what happens to the connection instead, where there is one: "" nothing, "reset" it is aborted
    without an answer, "hang" no answer ever comes, "half" it ends in the middle of this answer.
    """

    status: int
    body: bytes = b""
    headers: Headers = ()
    cut: str = ""


def dumps(value: object) -> bytes:
    """Compact JSON; a Decimal becomes a number with exactly its digits."""
    drawn = orjson.dumps(value, default=_decimal, option=orjson.OPT_NON_STR_KEYS)
    # A copy of its own size: orjson leaves kilobytes of room behind, and answers are kept.
    return _join((drawn, b""))


def _decimal(value: object) -> object:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f").encode())
    raise TypeError(f"{type(value).__name__} cannot be sent")


_JSON = ("content-type", "application/json")


def json_reply(status: int, value: object, headers: Headers = ()) -> Reply:
    """A JSON answer."""
    return Reply(status, dumps(value), (_JSON, *headers))


# A handler gets the vendor's rules and the call: async def create(rules, call) -> Reply.
Handler = Callable[[Any, Call], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Route:
    """One row: `path` has whole segments in braces; `operation` names it in plans and reports."""

    method: str
    path: str
    operation: str
    handler: Handler
    summary: str
    request: type[BaseModel] | None = None
    response: type[BaseModel] | None = None
    scope: str = ""
    public: bool = False
    cost: int = 1
    form: bool = False


class Matcher:
    """Finds a row by method and path; cost does not grow with the number of rows.

    any_case: the fixed words of a path are the same in upper and lower case.
    """

    def __init__(self, table: Iterable[Route], *, any_case: bool = False) -> None:
        self._any_case = any_case
        self._fixed: dict[tuple[str, str], Route] = {}
        self._tree: dict[str, Any] = {}
        self._paths: set[str] = set()
        for route in table:
            self._add(route)

    def _add(self, route: Route) -> None:
        if "{" not in route.path:
            key = (route.method, self._said(route.path.rstrip("/")))
            if key in self._fixed:
                raise ValueError(f"two routes answer {route.method} {route.path}")
            self._fixed[key] = route
        node = self._tree
        names = []
        for segment in route.path.strip("/").split("/"):
            variable = segment.startswith("{")
            if variable:
                names.append(segment[1:-1])
            node = node.setdefault("{}" if variable else self._said(segment), {})
        if node.setdefault(f" {route.method}", (route, tuple(names)))[0] is not route:
            raise ValueError(f"two routes answer {route.method} {route.path}")

    def _said(self, word: str) -> str:
        return word.lower() if self._any_case else word

    def find(self, method: str, path: str) -> tuple[Route | None, dict[str, str], bool]:
        """(row or None, path parameters decoded, whether the path exists under another method)."""
        trimmed = path.rstrip("/")
        # Asked of every request: no call where the case counts.
        fixed = self._fixed.get((method, trimmed.lower() if self._any_case else trimmed))
        if fixed is not None:
            return fixed, {}, True
        ends: list[tuple[dict[str, Any], tuple[str, ...]]] = []
        self._walk(self._tree, trimmed.strip("/").split("/"), 0, (), ends)
        for node, values in ends:
            entry = node.get(f" {method}")
            if entry is not None:
                route, names = entry
                decoded = (unquote(value) for value in values)
                return route, dict(zip(names, decoded, strict=True)), True
        return None, {}, any(key.startswith(" ") for node, _ in ends for key in node)

    def methods(self, path: str) -> tuple[str, ...]:
        """The methods that rows answer on that path, HEAD wherever GET is, by name."""
        ends: list[tuple[dict[str, Any], tuple[str, ...]]] = []
        self._walk(self._tree, path.strip("/").split("/"), 0, (), ends)
        found = {key[1:] for node, _ in ends for key in node if key.startswith(" ")}
        return tuple(sorted(found | {"HEAD"} if "GET" in found else found))

    def _walk(
        self,
        node: dict[str, Any],
        segments: list[str],
        i: int,
        values: tuple[str, ...],
        ends: list[tuple[dict[str, Any], tuple[str, ...]]],
    ) -> None:
        if i == len(segments):
            ends.append((node, values))
            return
        literal = node.get(segments[i].lower() if self._any_case else segments[i])
        if literal is not None:
            self._walk(literal, segments, i + 1, values, ends)
        variable = node.get("{}")
        if variable is not None and segments[i]:
            self._walk(variable, segments, i + 1, (*values, segments[i]), ends)
