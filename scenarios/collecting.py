"""Reads the books of a served lab over HTTP, waits for its rest, and judges what books can show."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from scenarios.checkers.laws import LAWS, judge
from scenarios.evidence.billing import BillingBooks
from scenarios.evidence.crm import CrmBooks
from scenarios.evidence.erp import ErpBooks
from scenarios.evidence.payments import PaymentBooks
from scenarios.evidence.reading import from_json
from scenarios.evidence.run import Change, Convergence, Evidence, Parked
from scenarios.evidence.tax import TaxBooks
from scenarios.evidence.verdicts import BROKEN, Verdict
from scenarios.serving import Lab

_BOOKS: dict[str, tuple[str, Any]] = {
    "salesforce": ("crm", CrmBooks),
    "zuora": ("billing", BillingBooks),
    "stripe": ("payments", PaymentBooks),
    "avatax": ("tax", TaxBooks),
    "netsuite": ("erp", ErpBooks),
}
# Laws that a look at the books from outside cannot judge, and why.
LEFT_OUT: dict[str, str] = {
    "C19": "the bank stands in virtual time only",
    "I-19": "nothing is redelivered in real time",
    "I-21": "who caused which change is known in virtual time only",
    "I-22": "who caused which change is known in virtual time only",
    "I-23": "who caused which change is known in virtual time only",
    "I-31": "deliveries are recorded in virtual time only",
    "I-33": "every request of the core is recorded in virtual time only",
    "I-34": "every request of the core is recorded in virtual time only",
    "I-35": "every request of the core is recorded in virtual time only",
    "I-36": "the inbox is looked at in virtual time only",
    "I-42": "the outbox is looked at in virtual time only",
    "I-43": "claims and their epochs are looked at in virtual time only",
    "I-45": "deliveries are recorded in virtual time only",
    "I-48": "real time does not repeat itself",
}
# Laws by the systems whose books they compare others with: where one is not served, its empty books would
# be found wanting.
NEEDS: dict[str, tuple[str, ...]] = {
    "C21": ("netsuite", "stripe"),
    "C27": ("netsuite", "zuora"),
    "I-02": ("netsuite",),
    "I-03": ("stripe", "zuora"),
    "I-05": ("zuora",),
    "I-06": ("netsuite", "stripe"),
    "I-07": ("netsuite",),
    "I-12": ("netsuite", "zuora"),
    "I-13": ("netsuite", "stripe"),
    "I-17": ("netsuite", "salesforce", "stripe", "zuora"),
    "I-18": ("salesforce", "stripe"),
    "I-30": ("netsuite", "stripe"),
    "I-46": ("netsuite", "stripe", "zuora"),
}
# Asked so often; and so many times in a row nothing may be pending nor change, which is longer than a
# notice takes from one system to the next.
_POLL_SECONDS, _CALM_POLLS = 0.25, 4
_TIMEOUT = aiohttp.ClientTimeout(total=60)


@dataclass(frozen=True, slots=True)
class Judged:
    """Verdicts of the laws that were judged, and the others with the reason."""

    verdicts: tuple[Verdict, ...]
    left_out: Mapping[str, str]

    @property
    def broken(self) -> list[Verdict]:
        """What does not hold."""
        return [verdict for verdict in self.verdicts if verdict.state == BROKEN]


def judge_books(evidence: Evidence, served: Collection[str] = tuple(_BOOKS)) -> Judged:
    """Every law that needs nothing but books, histories and the way to rest, of the systems served."""
    left = dict(LEFT_OUT)
    for law, systems in NEEDS.items():
        if missing := [system for system in systems if system not in served]:
            left[law] = f"it compares with {' and '.join(missing)}, not served here"
    return Judged(tuple(verdict for verdict in judge(evidence) if verdict.law not in left), left)


def title(law: str) -> str:
    """A law in words."""
    return next((each.title for each in LAWS if each.id == law), law)


async def settle(lab: Lab, bound_seconds: float) -> Convergence:
    """Wait until nothing is pending anywhere and nothing moves, or the bound has passed."""
    began = time.monotonic()
    start = time.time_ns() // 1000
    calm, before, found = 0, "", ["nobody has asked yet"]
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
        while time.monotonic() - began < bound_seconds:
            found, mark = await _pending(session, lab)
            calm = calm + 1 if not found and mark == before else 0
            before = mark
            if calm >= _CALM_POLLS:
                break
            await asyncio.sleep(_POLL_SECONDS)
    ended = start + int((time.monotonic() - began) * 1_000_000)
    rested = calm >= _CALM_POLLS
    open_ends = () if rested else tuple(found or ["the books still change"])
    return Convergence(rested, start, ended, int((bound_seconds + 1) * 1_000_000), (), open_ends)


async def collect(
    lab: Lab, billed_through: str, convergence: Convergence | None = None, started_at: int = 0
) -> Evidence:
    """The books and histories of the mocks served, the exception queue of the core; operations stay empty.

    billed_through: the date of the last bill run, "" if there was none; started_at: microseconds.
    aiohttp.ClientError if a system does not answer, KeyError or TypeError if its books are no books.
    """
    books: dict[str, Any] = {}
    changes: list[Change] = []
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
        for system, (name, kind) in _BOOKS.items():
            if system in lab.urls:
                url = lab.urls[system]
                books[name] = from_json(kind, await _get(session, f"{url}/_tieout/books"))
                rows = await _get(session, f"{url}/_tieout/history")
                changes += [from_json(Change, {**row, "system": system}) for row in rows]
        parked = await _parked(session, lab)
    return Evidence(
        token="",
        model=lab.model,
        seed=0,
        started_at=started_at,
        billed_through=billed_through,
        **books,
        changes=tuple(sorted(changes, key=lambda change: change.at)),
        parked=parked,
        convergence=convergence or Convergence(True, 0, 0, 0, (), ()),
    )


async def counters(lab: Lab) -> dict[str, int]:
    """What the core has counted: calls by system and claim, events by outcome, retries; {} without a core."""
    if not lab.core_url:
        return {}
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
        found = await _get(session, f"{lab.core_url}/v1/operations/counters", lab.token)
    return dict(found["counters"])


async def _pending(session: aiohttp.ClientSession, lab: Lab) -> tuple[list[str], str]:
    """What is not ended, and a mark that moves when the core has done anything."""
    found = []
    for name, url in lab.urls.items():
        count = (await _get(session, f"{url}/_tieout/pending"))["pending"]
        if count:
            found.append(f"{count} webhooks or jobs of {name}")
    mark = ""
    if lab.core_url:
        found += (await _get(session, f"{lab.core_url}/v1/operations/pending", lab.token))["pending"]
        mark = repr((await _get(session, f"{lab.core_url}/v1/operations/counters", lab.token))["counters"])
    return found, mark


async def _parked(session: aiohttp.ClientSession, lab: Lab) -> tuple[Parked, ...]:
    if not lab.core_url:
        return ()
    rows = (await _get(session, f"{lab.core_url}/v1/operations/parked", lab.token))["parked"]
    return tuple(
        Parked(
            row["label"] or row["key"],
            row["queue"],
            row["error"],
            row["owner"],
            row["attempts"],
            row["first_at"],
            row["due_at"],
            unrecoverable=False,
        )
        for row in rows
    )


async def _get(session: aiohttp.ClientSession, url: str, token: str = "") -> Any:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with session.get(url, headers=headers) as answer:
        answer.raise_for_status()
        return await answer.json()
