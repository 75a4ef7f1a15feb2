"""What all records share on the wire: moments, links, media types."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from simulators.kit.clock import SECOND, at

Shown = dict[str, Any]


@lru_cache(maxsize=1 << 15)
def moment(at_us: int) -> str:
    """Microseconds as the vendor writes them: UTC, whole seconds."""
    return at(at_us // SECOND * SECOND).strftime("%Y-%m-%dT%H:%M:%SZ")


def links(href: str) -> list[dict[str, str]]:
    """One link, to itself."""
    return [{"rel": "self", "href": href}]


def media(kind: str) -> tuple[str, str]:
    """The content type of an answer: singular, collection, error."""
    return "content-type", f"application/vnd.oracle.resource+json; type={kind}"
