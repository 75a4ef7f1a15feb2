"""Which fields the connectors rely on: names in their source that were seen on the wire, by record."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import core
from scenarios.contracts.redriving import Heard
from simulators.kit.mock import Vendor
from simulators.kit.reshaping import asked_text, form_paths
from simulators.kit.schema import records_of
from simulators.kit.table import Call, Matcher

_WORD = re.compile(r"[A-Za-z_][\w]*")
_FROM = re.compile(r"\bfrom\s+([A-Za-z_]\w*)", re.I)
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'")
# Words of SuiteQL and SOQL that are no names of fields.
_KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        "select from where and or as on join left inner group by order asc desc null is not in like between"
        " sum max min count case when then else end to_char to_date nvl abs builtin distinct union all true"
        " false having tl tal fetch first rows only exists",
    )
)


@cache
def words_of(system: str) -> frozenset[str]:
    """Every name that stands in the source of a vendor's connector, as a text or as a keyword."""
    folder = Path(core.__file__).parent / "connectors" / system
    found: set[str] = set()
    for file in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update(_WORD.findall(node.value))
            elif isinstance(node, ast.keyword) and node.arg:
                found.add(node.arg)
    return frozenset(found)


class Table:
    """Reads a vendor's wire by its table of paths."""

    def __init__(self, vendor: Vendor) -> None:
        self._matcher = Matcher(vendor.table, any_case=vendor.any_case)
        self._records = {name.lower(): name for name in records_of(vendor.table, vendor.records)}
        self._words = words_of(vendor.name)

    def relied(self, wire: Iterable[Heard]) -> set[tuple[str, str]]:
        """(record, field) of all that was said and is named in the connector. Signing in is left out."""
        found: set[tuple[str, str]] = set()
        for heard in wire:
            parts = urlsplit(heard.path)
            headers = (
                {}
                if heard.sent[:1] in (b"{", b"[", b"")
                else {"content-type": "application/x-www-form-urlencoded"}
            )
            call = Call(heard.method, parts.path, parts.query, headers, heard.sent)
            route, params, _ = self._matcher.find(heard.method, parts.path)
            if route is None or route.public:
                continue
            text = asked_text(call)
            if text:
                found |= self._queried(text)
                continue
            named = [self._records[v.lower()] for v in params.values() if v.lower() in self._records]
            record = named[-1] if named else route.operation
            said = [form_paths(call) if headers else _json(heard.sent), _json(heard.heard)]
            found |= {(record, path) for value in said for path in self._paths(value, ())}
        return found

    def _queried(self, text: str) -> set[tuple[str, str]]:
        plain = _QUOTED.sub("''", text)
        tables = _FROM.findall(plain)
        words = _WORD.findall(plain)
        own = {after.lower() for word, after in pairwise(words) if word.lower() == "as"}
        own |= {name.lower() for name in tables} | _KEYWORDS
        known = [self._records[name.lower()] for name in tables if name.lower() in self._records]
        record = known[0] if known else "*"
        return {(record, word) for word in words if word.lower() not in own and len(word) > 1}

    def _paths(self, value: Any, path: tuple[str, ...]) -> Iterator[str]:
        if isinstance(value, list):
            for each in value:
                yield from self._paths(each, path)
        elif isinstance(value, dict):
            for name, each in value.items():
                here = (*path, name)
                if "metadata" in path:
                    continue  # names of our own
                if name in self._words and all(_WORD.fullmatch(part) for part in here[-2:]):
                    yield ".".join(here[-2:])
                yield from self._paths(each, here)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=Decimal)
    except ValueError:
        return None
