"""A sandbox in the middle of things comes back as it was and goes on alike."""

from __future__ import annotations

from typing import Any

from .zuora_client import Zuora, account, action, offer, order, product, run, subscribed


async def busy(zuora: Zuora) -> None:
    """A subscription at rest, usage to be billed, a job under way, a scheduled order."""
    plan, _ = await subscribed(zuora)
    meter, _ = await product(zuora, "METER", "2")
    await zuora.ok(
        "POST", "/v1/object/product-rate-plan-charge", offer(meter, "2", ChargeType="Usage", UOM="GB")
    )
    add = action("AddProduct", "2026-01-01", addProduct={"productRatePlanId": meter})
    await zuora.ok("POST", "/v1/orders", order("O-2", "2026-01-01", add, subscription="S-1"))
    usage = {"AccountNumber": "A-1", "StartDateTime": "2026-01-05T00:00:00", "UOM": "GB", "Quantity": 3}
    await zuora.ok("POST", "/v1/object/usage", usage)
    await zuora.ok("POST", "/v1/accounts", account("A-2"))
    add = action("AddProduct", "2026-01-02", addProduct={"productRatePlanId": plan})
    later = order("O-3", "2026-01-02", add, subscription="S-1", status="Scheduled")
    await zuora.ok("POST", "/v1/orders", {**later, "schedulingOptions": {"scheduledDate": "2026-06-01"}})
    rest = {"suspendPolicy": "SpecificDate", "suspendSpecificDate": "2026-04-01"}
    await zuora.ok(
        "POST",
        "/v1/orders",
        order("O-4", "2026-04-01", action("Suspend", "2026-04-01", suspend=rest), subscription="S-1"),
    )


async def rest_of(zuora: Zuora) -> Any:
    """What comes after, and the books at its end."""
    go = {"resumePolicy": "SpecificDate", "resumeSpecificDate": "2026-05-01"}
    resume = action("Resume", "2026-05-01", resume=go)
    options = {"runBilling": True, "billingOptions": {"targetDate": "2026-06-01"}}
    await zuora.ok(
        "POST",
        "/v1/orders",
        order("O-5", "2026-05-01", resume, subscription="S-1", processingOptions=options),
    )
    return zuora.rules.books()


def test_a_snapshot_goes_on_alike() -> None:
    async def story() -> None:
        zuora = Zuora()
        await busy(zuora)
        kept = zuora.mock.snapshot()
        first = await rest_of(zuora)
        zuora.mock.restore(kept)
        assert zuora.rules.books() != first
        assert await rest_of(zuora) == first
        lines = [line for invoice in first["invoices"] for line in invoice["lines"]]
        assert {line["product"] for line in lines} == {"SEAT", "METER"}

    run(story)
