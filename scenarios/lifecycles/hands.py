"""How people reach the vendors' systems: through the same API, signed in as themselves, without faults."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from simulators.kit.table import dumps


class HandsError(RuntimeError):
    """A system refused what a person did: the story itself is wrong (a harness error)."""


# method, system, path, headers, body -> status, headers, body
Reach = Callable[[str, str, str, dict[str, str], bytes], Awaitable[tuple[int, dict[str, str], bytes]]]

SALESFORCE = "/services/data/v62.0"
NETSUITE = "/services/rest"


class Hands:
    """Signs in where needed, again when thrown out, and turns refusals into HandsError."""

    def __init__(self, reach: Reach, sign_in: dict[str, Callable[[Hands], Awaitable[str]]]) -> None:
        self._reach, self._sign_in = reach, sign_in
        self._authorization: dict[str, str] = {}

    async def call(
        self,
        system: str,
        method: str,
        path: str,
        *,
        json_body: object = None,
        form: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        allow: tuple[int, ...] = (),
    ) -> Any:
        """The parsed answer (None if empty). Statuses from 400 on raise, but for those in `allow`."""
        for again in (False, True):
            if system not in self._authorization or again:
                self._authorization[system] = await self._sign_in[system](self)
            status, _, body = await self.bare(
                system,
                method,
                path,
                json_body=json_body,
                form=form,
                headers={**(headers or {}), "authorization": self._authorization[system]},
            )
            if status != 401:
                break
        value = json.loads(body, parse_float=Decimal) if body else None
        if status >= 400 and status not in allow:
            raise HandsError(f"{system} answered {method} {path} with {status}: {body[:300].decode()}")
        return value

    async def bare(
        self,
        system: str,
        method: str,
        path: str,
        *,
        json_body: object = None,
        form: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, dict[str, str], bytes]:
        """One request without signing in."""
        sent = dict(headers or {})
        body = b""
        if json_body is not None:
            body = dumps(json_body)
            sent["content-type"] = "application/json"
        elif form is not None:
            body = urlencode(_flat(form)).encode()
            sent["content-type"] = "application/x-www-form-urlencoded"
        return await self._reach(method, system, path, sent, body)


def soql(text: str) -> str:
    """The path of a query."""
    return f"{SALESFORCE}/query?q={quote(text)}"


def _flat(value: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, item in value.items():
        key = f"{prefix}[{name}]" if prefix else name
        if isinstance(item, dict):
            pairs += _flat(item, key)
        elif isinstance(item, (list, tuple)):
            for index, part in enumerate(item):
                pairs += _flat({str(index): part}, key)
        else:
            pairs.append((key, str(item).lower() if isinstance(item, bool) else str(item)))
    return pairs
