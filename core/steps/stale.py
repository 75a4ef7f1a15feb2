"""What comes too late to be shown: refused, counted and told, never dropped in silence."""

from __future__ import annotations

from core.ports.desk import Desk

# With the system whose copy stays as it is: "stale.crm".
COUNTED = "stale"


def refuse_stale(desk: Desk, system: str, key: str, why: str) -> None:
    """One more refusal: in the metrics, and for whoever watches."""
    desk.watch.count(f"{COUNTED}.{system}")
    desk.watch.alert("low", key, f"stale, not written: {why}")
