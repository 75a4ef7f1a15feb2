"""The journal of requests: what was asked, with what, and what came of it; searched by tests."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from simulators.kit.asked import mapping, text, whole
from simulators.kit.table import Call, Reply, Route

# Bytes of a body that are remembered.
_MOST_BODY = 65_536
_SECRET = frozenset({"authorization", "cookie", "proxy-authorization"})


@dataclass(frozen=True, slots=True)
class Seen:
    """One request. at: microseconds; operation: of the table, "" if no row fits; body, answer: the
    first 64 KiB; status: 0 where the connection was cut."""

    at: int
    method: str
    path: str
    query: str
    operation: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    answer: bytes

    def shown(self) -> dict[str, Any]:
        """As JSON; what signs a caller in is masked."""
        headers = {name: "…" if name in _SECRET else value for name, value in self.headers.items()}
        return {
            "at": self.at,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "operation": self.operation,
            "status": self.status,
            "headers": headers,
            "body": self.body.decode("utf-8", "replace"),
            "answer": self.answer.decode("utf-8", "replace"),
        }


class Journal:
    """The last `most` requests."""

    def __init__(self, most: int) -> None:
        self.most = most
        # What makes a Seen: most are never looked at.
        self._noted: deque[tuple[Any, ...]] = deque(maxlen=most)

    def note(self, now: int, call: Call, route: Route | None, reply: Reply) -> None:
        """Remember one."""
        self._noted.append(
            (now, call.method, call.path, call.query, route.operation if route else "",
             0 if reply.cut else reply.status, call.headers,
             call.body[:_MOST_BODY], reply.body[:_MOST_BODY])
        )  # fmt: skip

    def clear(self) -> None:
        """Forget all."""
        self._noted.clear()

    def find(self, wish: Mapping[str, Any]) -> list[Seen]:
        """Those that fit every word of `wish`, oldest first; ValueError for a word that is unknown.

        operation, method, status: equal; path, query, contains (anywhere in the body): part of it;
        headers: mapping, each equal; body: a mapping, of which each member must be in the JSON or form
        body (a form's a[b]=c is found flat and nested), at any depth that it names (a list: the whole list);
        since: microseconds.
        """
        unknown = wish.keys() - _TESTS.keys()
        if unknown:
            known = ", ".join(sorted(_TESTS))
            raise ValueError(f"{sorted(unknown)[0]}: unknown; the journal is searched by: {known}")
        for name in ("status", "since"):
            if name in wish:
                whole(wish, name)
        for name in ("path", "query", "contains", "method"):
            if name in wish:
                text(wish, name, "", most=_MOST_BODY)
        if "headers" in wish:
            mapping(wish, "headers")
        if not isinstance(wish.get("body", {}), Mapping | list):
            raise ValueError(f"body: {wish['body']!r} must be an object, or a list, that the body holds")
        noted = (Seen(*each) for each in self._noted)
        return [seen for seen in noted if all(_TESTS[name](seen, value) for name, value in wish.items())]


def _contents(seen: Seen) -> Any:
    try:
        return json.loads(seen.body)
    except ValueError:
        pairs = parse_qsl(seen.body.decode("utf-8", "replace"), keep_blank_values=True)
        return {**dict(pairs), **_nested(pairs)}


def _nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """What a form means by a[b][0]=c; numbers as keys make a list."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        first, *more = name.replace("]", "").split("[")
        place, key = found, first
        for step in more:
            deeper = place.setdefault(key, {})
            if not isinstance(deeper, dict):
                break
            place, key = deeper, step or str(len(deeper))
        else:
            place.setdefault(key, value)  # where one name is a place and a value too, it stays what it was
    return {key: _listed(value) for key, value in found.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(each) for key, each in value.items()}
    return list(inner.values()) if inner and all(key.isdigit() for key in inner) else inner


def _within(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            name in found and _within(value, found[name]) for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(found) == len(wanted)
            and all(_within(w, f) for w, f in zip(wanted, found, strict=True))
        )
    return bool(wanted == found) or (
        isinstance(found, str) and not isinstance(wanted, bool) and str(wanted) == found
    )


_TESTS: dict[str, Any] = {
    "operation": lambda seen, wanted: seen.operation == wanted,
    "method": lambda seen, wanted: seen.method == str(wanted).upper(),
    "status": lambda seen, wanted: seen.status == int(wanted),
    "path": lambda seen, wanted: str(wanted) in seen.path,
    "query": lambda seen, wanted: str(wanted) in seen.query,
    "contains": lambda seen, wanted: str(wanted).encode() in seen.body,
    "headers": lambda seen, wanted: all(seen.headers.get(n.lower()) == v for n, v in wanted.items()),
    "body": lambda seen, wanted: _within(wanted, _contents(seen)),
    "since": lambda seen, wanted: seen.at >= int(wanted),
}
