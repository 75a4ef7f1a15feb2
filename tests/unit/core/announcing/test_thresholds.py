"""Thresholds of use: told once for each month and threshold, of what billing has taken in."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

from core.announcing.announcer import Announcer
from core.canonical.usage import UsageEvent
from core.connectivity.thresholds import Thresholds
from core.ports.announcing import Endpoint
from core.settings import Webhooks
from tests.unit.core.fakes import Books, Office, in_office

CALLS = Webhooks(usage_thresholds={"calls": (Decimal(100), Decimal("250.5"))})


def used(id_: str, quantity: str, meter: str = "calls", day: int = 1) -> UsageEvent:
    return UsageEvent(id_, "acme", "S-q1", meter, Decimal(quantity), date(2026, 1, day))


def test_each_threshold_is_told_once_when_the_months_use_has_come_to_it():
    async def story(office: Office):
        parts = replace(office.parts(webhooks=CALLS), announces=Announcer("urn:tieout:core", lambda: None))
        hook = Endpoint("we_1", "https://a.example/", ("usage_threshold_reached",), 1, 0, True, "", "ann", 1)
        await office.store.add_endpoint(hook)
        job, told = Thresholds(parts), []
        for uses in (
            [used("u1", "99.9")],
            [used("u2", "0.1"), used("u3", "900", "bytes")],
            [used("u4", "200")],
        ):
            office.books.uses += uses
            await job.run()
            await job.run()
            found = await office.store.deliveries("we_1", None, 0, 10)
            told.append(
                [(d["threshold"], d["quantity"]) for d in (json.loads(e.body)["data"] for e in found)]
            )
        return told

    first, second, third = in_office(story, Books())
    assert first == []
    assert second == [("100", "100.0")]
    assert third == [("100", "100.0"), ("250.5", "300.0")]
