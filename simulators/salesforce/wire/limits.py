"""Limits, versions and the list of resources."""

from __future__ import annotations

from typing import Any

VERSIONS = {
    "58.0": "Summer '23",
    "59.0": "Winter '24",
    "60.0": "Spring '24",
    "61.0": "Summer '24",
    "62.0": "Winter '25",
    "63.0": "Spring '25",
    "64.0": "Summer '25",
}


def versions() -> list[dict[str, str]]:
    """GET /services/data."""
    return [{"label": label, "url": f"/services/data/v{n}", "version": n} for n, label in VERSIONS.items()]


def resources(version: str) -> dict[str, str]:
    """GET /services/data/{version}."""
    names = ("sobjects", "query", "queryAll", "composite", "limits", "tooling")
    return {name: f"/services/data/{version}/{name}" for name in names}


def limits(limit: int, used: int) -> dict[str, Any]:
    """GET /limits."""
    return {"DailyApiRequests": {"Max": limit, "Remaining": max(limit - used, 0)}}
