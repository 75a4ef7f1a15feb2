"""What a schema change makes of a call on its way in and of an answer on its way out.

What is no longer known gets a name that no vendor knows, so that the mock's own validation refuses or drops
it as it does with any other; the answer then shows the name that was sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

from simulators.kit.schema import Change, Kind
from simulators.kit.table import Call, Reply, dumps

# No vendor has a field whose name ends so.
_GONE = "Zq9gone"
# Members of bodies and of query strings that hold words of a query language, or names of fields.
_ASKING = frozenset(
    {"q", "query", "querystring", "fields", "filter", "expand", "sort", "$filter", "$include"}
)
_WORDS = re.compile(r"'(?:[^'\\]|\\.)*'|[A-Za-z_$][\w$]*")
_FORM = "application/x-www-form-urlencoded"
Renamed = Callable[[tuple[str, ...]], str]


def about(changes: Iterable[Change], operation: str, call: Call) -> list[Change]:
    """Those that a call has to do with."""
    words = {operation.lower(), *(unquote(part).lower() for part in call.path.split("/")), "*"}
    asked = [word.lower() for word in _WORDS.findall(asked_text(call))]
    # What the asker calls a column is no name of the vendor's.
    own = {name for word, name in pairwise(asked) if word == "as"}
    own = {name for name in own if asked.count(name) == 1}
    words.update(asked)
    return [c for c in changes if c.record.lower() in words and c.leaf.lower() not in own]


def lacking(changes: Iterable[Change], call: Call) -> str:
    """The first field that has become mandatory and is not there; "" if there is none. A query changes
    nothing, so it need not name what is mandatory."""
    wanted = [change for change in changes if change.kind is Kind.MANDATORY]
    if not wanted or call.method not in ("POST", "PUT") or asked_text(call):
        return ""
    body = form_paths(call) if is_form(call) else _json(call.body)
    return next((change.field for change in wanted if not _given(body, change)), "")


def reshaped(call: Call, changes: Sequence[Change], path: str) -> Call:
    """The call as the mock, which knows the old names only, has to hear it. path: of its row in the table."""
    gone = {c.path: _GONE + c.leaf + _GONE for c in changes if c.kind in (Kind.RENAMED, Kind.REMOVED)}
    new = {(*c.path[:-1], c.to): c.leaf for c in changes if c.kind is Kind.RENAMED}
    if not gone:
        return replace(call)

    def name(path: tuple[str, ...]) -> str:
        for known in (gone, new):
            for i in range(len(path)):
                if path[i:] in known:
                    return known[path[i:]]
        return path[-1]

    leaves = {path[-1].lower(): put for known in (gone, new) for path, put in known.items()}

    def words(text: str) -> str:
        return _WORDS.sub(lambda found: leaves.get(found[0].lower(), found[0]), text)

    return replace(
        call,
        path=_path(call.path, path, leaves, words),
        query=_query(call.query, name, words),
        body=_body(call, name, words),
    )  # fmt: skip


def answered(reply: Reply, changes: Sequence[Change]) -> tuple[Reply, list[Change]]:
    """The answer as the changed vendor gives it, and the changes that can be seen in it."""
    shown = reply.body.replace(_GONE.encode(), b"")
    bitten = [c for c in changes if c.kind in (Kind.RENAMED, Kind.REMOVED)] if shown != reply.body else []
    if not 200 <= reply.status < 300 or not shown:
        return replace(reply, body=shown), bitten
    value = _json(shown)
    if not isinstance(value, dict | list):
        return replace(reply, body=shown), bitten
    # A vendor that drops unknown names may still show them among what it was sent.
    seen = [change for change in changes if _apply(change, value, ())]
    return (replace(reply, body=dumps(value)) if seen else replace(reply, body=shown)), [*bitten, *seen]


def _apply(change: Change, value: Any, path: tuple[str, ...]) -> bool:
    if isinstance(value, list):
        # All of them, not only up to the first that has the field.
        return sum(_apply(change, each, path) for each in value) > 0
    if not isinstance(value, dict):
        return False
    parents, found = change.path[:-1], False
    for name in list(value):
        found = _apply(change, value[name], (*path, name)) or found
    here = path[len(path) - len(parents) :] == parents
    if change.kind is Kind.ADDED:
        if here and (parents or not path) and change.leaf not in value:
            value[change.leaf] = change.to or "new"
            return True
        return found
    if not here or change.leaf not in value:
        return found
    return _changed(change, value) or found


def _changed(change: Change, value: dict[str, Any]) -> bool:
    old = value[change.leaf]
    match change.kind:
        case Kind.REMOVED:
            del value[change.leaf]
            return True
        case Kind.RENAMED:
            members = [(change.to if name == change.leaf else name, each) for name, each in value.items()]
            value.clear()
            value.update(members)
            return True
        case Kind.EXTENDED if isinstance(old, str):
            value[change.leaf] = change.to
            return True
        case Kind.RETYPED if isinstance(old, int | Decimal) and not isinstance(old, bool):
            value[change.leaf] = format(old, "f") if isinstance(old, Decimal) else str(old)
            return True
        case Kind.RETYPED if isinstance(old, str) and re.fullmatch(r"-?\d{1,15}(\.\d{1,8})?", old):
            value[change.leaf] = Decimal(old)
            return True
    return False


def _path(said: str, row: str, leaves: Collection[str], words: Callable[[str], str]) -> str:
    """Fields that the address names where the row has a variable, as in sobjects/{type}/{field}/{value}."""
    parts, fixed = said.split("/"), row.split("/")
    if len(parts) != len(fixed):
        return said
    return "/".join(
        quote(words(unquote(part)), safe=":!,()'")
        if "{" in word and unquote(part).lower() in leaves
        else part
        for part, word in zip(parts, fixed, strict=True)
    )


def _query(query: str, name: Renamed, words: Callable[[str], str]) -> str:
    if not query:
        return query
    pairs = parse_qsl(query, keep_blank_values=True)
    changed = [(_bracketed(key, name), words(each) if _asks(key) else each) for key, each in pairs]
    # What needs no change keeps its spelling.
    return query if changed == pairs else urlencode(changed)


def _body(call: Call, name: Renamed, words: Callable[[str], str]) -> bytes:
    if is_form(call):
        pairs = parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True)
        changed = [(_bracketed(key, name), words(each) if _asks(key) else each) for key, each in pairs]
        return call.body if changed == pairs else urlencode(changed, safe="[]").encode()
    value = _json(call.body)
    if not isinstance(value, dict | list):
        return call.body
    return dumps(_renamed(value, (), name, words))


def _renamed(value: Any, path: tuple[str, ...], name: Renamed, words: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_renamed(each, path, name, words) for each in value]
    if isinstance(value, str):
        return words(value) if path and _asks(path[-1]) else value
    if not isinstance(value, dict):
        return value
    return {name((*path, key)): _renamed(each, (*path, key), name, words) for key, each in value.items()}


def _bracketed(key: str, name: Renamed) -> str:
    """A name of a form, as in a[b][0]: each part by its path; numbers are places in a list."""
    parts = key.replace("]", "").split("[")
    put: list[str] = []
    for i, part in enumerate(parts):
        path = tuple(each for each in parts[: i + 1] if each and not each.isdigit())
        put.append(name(path) if part and not part.isdigit() else part)
    return put[0] + "".join(f"[{part}]" for part in put[1:])


def asked_text(call: Call) -> str:
    """The text of a query, in the address or in the body."""
    named = " ".join(each for key, each in parse_qsl(call.query) if key.lower() in ("q", "query"))
    if named or is_form(call) or not call.body:
        return named
    value = _json(call.body)
    asked = (
        [v for k, v in value.items() if k.lower() in ("q", "query", "querystring")]
        if isinstance(value, dict)
        else []
    )
    return " ".join(each for each in asked if isinstance(each, str))


def _asks(key: str) -> bool:
    return key.partition("[")[0].lower() in _ASKING


def _given(value: Any, change: Change, path: tuple[str, ...] = ()) -> bool:
    """Whether every object that should have the field has it: one of its parents' path, or the whole."""
    if isinstance(value, list):
        return all(_given(each, change, path) for each in value)
    if not isinstance(value, dict):
        return bool(path)
    parents = change.path[:-1]
    if path[len(path) - len(parents) :] == parents and (parents or not path):
        return value.get(change.leaf) not in (None, "")
    return all(_given(each, change, (*path, name)) for name, each in value.items())


def is_form(call: Call) -> bool:
    return call.headers.get("content-type", "").startswith(_FORM)


def form_paths(call: Call) -> dict[str, Any]:
    """A form as an object; parts of lists fall together."""
    found: dict[str, Any] = {}
    for key, each in parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True):
        place, *more = [part for part in key.replace("]", "").split("[") if part and not part.isdigit()]
        at = found
        for step in more:
            deeper = at.setdefault(place, {})
            if not isinstance(deeper, dict):
                break
            at, place = deeper, step
        else:
            at[place] = each
    return found


def _json(body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=Decimal)
    except ValueError:
        return None
