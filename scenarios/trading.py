"""Business that people do on a served lab while its core may be dying, and what operators do afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import aiohttp

from scenarios.collecting import collect, judge_books, settle
from scenarios.evidence.run import Convergence, Evidence
from scenarios.lifecycles.hands import Hands
from scenarios.lifecycles.people import Company
from scenarios.lifecycles.sales import Deal, QuoteLine, Sales
from scenarios.lifecycles.wallet import GOOD_CARD, Wallet
from scenarios.serving import Lab

# A button is pressed so often, half a second apart, while the core is coming up.
_PRESSES, _PRESS_SECONDS, _ANSWER_SECONDS = 80, 0.5, 120.0
_SEATS, _MORE_SEATS, _PRICE = 5, 8, Decimal(29)


class Restless(RuntimeError):
    """The lab did not come to rest, or a button of the operators' could not be pressed; the text says why."""


def company(n: int) -> Company:
    """The n-th customer."""
    who = f"buyer{n}@acme.test"
    where = ("1 Main St", "Austin", "TX", "78701", "US", "USD")
    return Company(n, f"ACC-{n}", f"Acme {n}", who, "A", "B", *where)


@dataclass(slots=True)
class Trade:
    """So many customers of one lab on one day. by_link: those who pay by the link, all others by card;
    amended, refunded: how often that happened; bills: how many documents there should be by now."""

    lab: Lab
    hands: Hands
    today: date
    customers: int
    by_link: frozenset[int] = frozenset()
    rest_seconds: float = 90.0
    amended: int = 0
    refunded: int = 0
    bills: int = 0
    sales: Sales = field(init=False)

    def __post_init__(self) -> None:
        self.sales = Sales(self.hands, self.lab.product_ids)

    def everybody(self) -> range:
        """Their numbers."""
        return range(1, self.customers + 1)

    def wallet(self, n: int) -> Wallet:
        """What the n-th customer does at the processor."""
        return Wallet(self.hands, company(n).email)

    async def sell(self) -> None:
        """An account and a won deal for each."""
        line = QuoteLine("TEAM", _SEATS, 0, _PRICE, 1)
        for n in self.everybody():
            await self.sales.create_account(company(n), "Net 30" if n in self.by_link else "Card")
            deal = Deal(f"OPP-{n}", "new", f"OPP-{n}", self.today, None, (line,))
            await self.sales.win(company(n), deal, self.today)
            await asyncio.sleep(0.1)

    async def amend(self, who: Sequence[int]) -> None:
        """More seats from today on; each of them once."""
        line = QuoteLine("TEAM", _MORE_SEATS, _SEATS, _PRICE, 1)
        for n in who:
            deal = Deal(f"OPP-{n}-B", "amendment", f"OPP-{n}", self.today, None, (line,))
            await self.sales.win(company(n), deal, self.today)
        self.amended += len(who)

    async def put_cards_on_file(self) -> None:
        """Restless if the processor does not know somebody whose order should have been placed."""
        for n in self.everybody():
            if n not in self.by_link and not await self.wallet(n).put_on_file(GOOD_CARD):
                raise Restless(f"the processor does not know {company(n).email}: the order was not placed")

    async def bill(self, bills: int) -> None:
        """A bill run up to today, of which so many documents are to come."""
        day = self.today.isoformat()
        run = {"targetDate": day, "invoiceDate": day, "autoPost": False}
        await self.hands.call("zuora", "POST", "/v1/bill-runs", json_body=run)
        self.bills += bills

    async def pay_by_link(self, before: int) -> None:
        """All that was asked for before a moment (unix seconds)."""
        for n in sorted(self.by_link):
            await self.wallet(n).pay_open(before)

    async def give_back(self, who: Sequence[int]) -> None:
        """Twice in a row, seven and three dollars of the latest payment."""
        for n in who:
            for minor in (7_00, 3_00):
                await self.wallet(n).refund_latest(minor)
                self.refunded += 1

    async def during(self, meanwhile: Awaitable[None], business: Awaitable[None]) -> None:
        """Both to their ends."""
        trouble = asyncio.ensure_future(meanwhile)
        try:
            await business
            await trouble
        finally:
            trouble.cancel()

    async def repair(self) -> None:
        """What the night does, where there is one; what is held is released."""
        for job in {"hybrid": ("reconciliation",), "batch": ("nightly", "nightly")}.get(self.lab.model, ()):
            await self.press(f"jobs/{job}")
        await self.press("redrive")
        await self.rested()

    async def press(self, button: str) -> None:
        """A button of the operators'; again where the core is just coming up. Restless if it never is."""
        headers = {"authorization": f"Bearer {self.lab.token}"}
        patience = aiohttp.ClientTimeout(total=_ANSWER_SECONDS)
        async with aiohttp.ClientSession(timeout=patience) as session:
            for _ in range(_PRESSES):
                try:
                    url = f"{self.lab.core_url}/v1/operations/{button}"
                    async with session.post(url, headers=headers) as answer:
                        if answer.status == 200:
                            return
                except TimeoutError:
                    raise Restless(f"{button}: no answer in {_ANSWER_SECONDS:g} s") from None
                except (aiohttp.ClientError, ConnectionError):
                    pass
                await asyncio.sleep(_PRESS_SECONDS)
        raise Restless(f"{button} could not be pressed")

    async def rested(self) -> Convergence:
        """Nothing waits and nothing moves. Restless if it does not come to that."""
        for _ in range(_PRESSES):
            try:
                rest = await settle(self.lab, self.rest_seconds)
                break
            except (aiohttp.ClientError, ConnectionError, TimeoutError):
                await asyncio.sleep(_PRESS_SECONDS)
        else:
            raise Restless("the core does not answer")
        if not rest.quiescent:
            raise Restless("; ".join(rest.pending))
        return rest

    async def books(self) -> Evidence:
        """At rest, after whatever the night finds of what was told to a core that was down."""
        for _ in range(2):
            await self.repair()
        return await collect(self.lab, self.today.isoformat(), await self.rested())

    def amiss(self, evidence: Evidence) -> list[str]:
        """What is wrong with the books, by the laws, and by counting what there should be; [] if nothing."""
        found = [f"{v.law}: {w.says}" for v in judge_books(evidence).broken for w in v.witnesses]
        counts = {
            "subscriptions": (len(evidence.billing.subscriptions), self.customers),
            "invoices": (len(evidence.billing.invoices), self.bills),
            "invoices in the ledger": (len(evidence.erp.invoices), self.bills),
            "payments": (len(evidence.payments.charges), self.bills),
            "payments that went through": (_of(evidence.payments.charges, "succeeded"), self.bills),
            "invoices paid in the ledger": (_of(evidence.erp.invoices, "Paid In Full"), self.bills),
            "refunds": (len(evidence.payments.refunds), self.refunded),
            "held": (len(evidence.parked), 0),
        }
        found += [f"{what}: {is_}, not {should}" for what, (is_, should) in counts.items() if is_ != should]
        return found + [f"held: {task.key} in {task.flow}: {task.cause}" for task in evidence.parked]


def _of(rows: Sequence[object], status: str) -> int:
    return sum(getattr(row, "status", "") == status for row in rows)
