"""The picture of the operators' page, docs/page.png: python -m scenarios.picture [FILE] (needs Chromium).

A deployment of an API process and two workers is up for some minutes and business is done; every ninth order
cannot be billed and is held. Exit codes: 0 the file is written, 3 it could not be.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import aiohttp

from core.realtime import WallClock
from scenarios.deploying import Wish, deployed
from scenarios.lifecycles.hands import Hands
from scenarios.lifecycles.people import companies
from scenarios.lifecycles.sales import Deal, QuoteLine, Sales
from scenarios.lifecycles.wallet import GOOD_CARD, Wallet
from scenarios.serving import OPTIONS, Lab, reaching
from scenarios.world.draws import KeyedDraws
from simulators.serve import Plan, ServeError

_SIZE = "1300,1010"
# What the page shows after so long is taken: it has asked once or twice by then.
_LOOK_MS, _MOST_SECONDS = 6000, 60
_UNBILLABLE_EVERY, _BILLS_EVERY, _PAUSE_SECONDS = 9, 20, 1.5


def main(arguments: Sequence[str] | None = None) -> int:
    """Until the picture is taken; the exit code."""
    parser = argparse.ArgumentParser("scenarios.picture", description="The operators' page as a picture.")
    parser.add_argument("file", type=Path, nargs="?", default=Path("docs/page.png"))
    parser.add_argument("--deals", type=int, default=80, help="How many are won before it is taken.")
    given = parser.parse_args(arguments)
    try:
        asyncio.run(_taken(given.file, given.deals))
    except (ServeError, OSError, TimeoutError) as error:
        print(f"tieout: {error}", file=sys.stderr)  # noqa: T201 - says why there is none
        return 3
    return 0


async def _taken(file: Path, deals: int) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        raise ServeError("chromium is not installed")
    plan = Plan(port_base=0, seed="picture", options=OPTIONS)
    async with (
        deployed(Wish(plan, "hybrid", workers=2)) as up,
        reaching(up.lab.urls, up.lab.credentials, WallClock()) as hands,
    ):
        await _business(up.lab, hands, deals)
        await _job(up.lab, "reconciliation")
        await asyncio.sleep(6)
        await _shot(browser, f"{up.lab.core_url}/#token={up.lab.token}", file)


async def _business(lab: Lab, hands: Hands, deals: int) -> None:
    today = datetime.fromtimestamp(WallClock().now() // 1_000_000, UTC).date()
    sales = Sales(hands, lab.product_ids)
    run = {"targetDate": today.isoformat(), "invoiceDate": today.isoformat(), "autoPost": False}
    without_card: list[str] = []
    for company in companies(deals, {"USD": 0.7, "EUR": 0.3}, KeyedDraws(1)):
        bad = company.index % _UNBILLABLE_EVERY == 5
        customer = replace(company, postal_code="" if bad else company.postal_code)
        key, line = f"OPP-{company.index}", QuoteLine("TEAM", 5, 0, Decimal(29), 1)
        await sales.create_account(customer, "Card")
        await sales.win(customer, Deal(key, "new", key, today, None, (line,)), today)
        if not bad:
            without_card.append(customer.email)
        # The processor hears of customers some moments after their orders.
        without_card = [each for each in without_card if not await Wallet(hands, each).put_on_file(GOOD_CARD)]
        if company.index % _BILLS_EVERY == 0:
            await hands.call("zuora", "POST", "/v1/bill-runs", json_body=run)
        await asyncio.sleep(_PAUSE_SECONDS)


async def _job(lab: Lab, name: str) -> None:
    """A button of the operators'; whether it came to its end shows on the page."""
    async with (
        aiohttp.ClientSession(headers={"authorization": f"Bearer {lab.token}"}) as session,
        session.post(f"{lab.core_url}/v1/operations/jobs/{name}"),
    ):
        pass


async def _shot(browser: str, address: str, file: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="tieout-picture-") as folder:
        # Its sandbox does not start for root, nor in most containers; what it is shown is our own.
        process = await asyncio.create_subprocess_exec(
            browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            f"--user-data-dir={folder}", f"--window-size={_SIZE}", f"--virtual-time-budget={_LOOK_MS}",
            f"--screenshot={file.absolute()}", address,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            await asyncio.wait_for(process.wait(), _MOST_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise


if __name__ == "__main__":
    sys.exit(main())
