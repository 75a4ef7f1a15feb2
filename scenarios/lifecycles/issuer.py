"""The bank of a customer who pays by card: takes complaints, asks or takes the money back, decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from scenarios.lifecycles.hands import Hands

# kind, wish: what the lab can make happen inside the processor.
Disturb = Callable[[str, Mapping[str, Any]], None]

INQUIRY = "inquiry"


class Issuer:
    """Acts at the processor from its other side, where merchants have no door."""

    def __init__(self, hands: Hands, disturb: Disturb) -> None:
        self._hands, self._disturb = hands, disturb

    async def complain(self, charge: str, cause: str) -> str:
        """Open a dispute ("inquiry" only asks) and return its id; "" where the charge has one already."""
        if await self._of(charge):
            return ""
        self._disturb("open_dispute", {"charge": charge, "reason": cause})
        return (await self._of(charge))[0]

    async def decide(self, dispute: str, status: str) -> bool:
        """won, lost, warning_closed or needs_response (an inquiry that becomes a dispute); False where
        the dispute has ended before, as one of a fully refunded charge does."""
        found = await self._hands.call("stripe", "GET", f"/v1/disputes/{dispute}")
        if found["status"] in ("won", "lost", "warning_closed"):
            return False
        self._disturb("decide_dispute", {"dispute": dispute, "status": status})
        return True

    async def send_back_refund(self, charge: str) -> bool:
        """The card is closed: the latest refund of a charge comes back; False if there is none."""
        found = await self._hands.call("stripe", "GET", f"/v1/refunds?charge={charge}&limit=1")
        if not found["data"] or found["data"][0]["status"] != "succeeded":
            return False
        wish = {"refund": found["data"][0]["id"], "reason": "expired_or_canceled_card"}
        self._disturb("fail_refund", wish)
        return True

    async def _of(self, charge: str) -> list[str]:
        found = await self._hands.call("stripe", "GET", f"/v1/disputes?charge={charge}&limit=10")
        return [str(row["id"]) for row in found["data"]]
