"""The operators' page in a browser, over a real core between its mocks: what is seen, pressed and refused."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest

from core.api.people import Access
from core.governance.people import Client as Program
from core.governance.people import People, Person, hashed
from core.governance.scopes import SCOPES
from core.governance.sessions import challenge_of
from core.realtime import WallClock
from scenarios.lifecycles.hands import SALESFORCE, Hands
from scenarios.lifecycles.people import Company
from scenarios.lifecycles.sales import Deal, QuoteLine, Sales
from scenarios.serving import OPTIONS, Lab, reaching, served
from simulators.serve import Plan
from tests.browser import Browser, Tab, chromium

WORD, VERIFIER = "correct horse battery", "v" * 43
# The weakest hash that is allowed, so that the tests are quick.
HASH = hashed(WORD, b"0123456789abcdef", cost=14, parallel=1)
LOOKS = frozenset({"operations:read", "exceptions:read"})
PEOPLE = People(
    (
        Person("ann", SCOPES, HASH),
        Person("eve", LOOKS, HASH),
        Person("jim", LOOKS - {"exceptions:read"}, HASH),
    ),
    # Of a loopback address in numbers the port may be any.
    (Program("desk", ("http://127.0.0.1:1/callback",)),),
)
ROWS = "#held-table tbody tr"
# What a page does that comes into sight again: it asks at once.
LOOK = "document.dispatchEvent(new Event('visibilitychange'))"


@dataclass
class Site:
    """A core with its mocks, and one browser."""

    lab: Lab
    hands: Hands
    sales: Sales
    browser: Browser
    session: aiohttp.ClientSession
    deals: int = 0

    async def held(self, customer: str = "ACC-{}") -> tuple[int, str]:
        """A deal whose customer of this key has no postal code: the order is held. Its number and the deal's
        key."""
        self.deals += 1
        n, today = self.deals, datetime.now(UTC).date()
        street, mail = ("1 Main St", "Austin", "TX", "", "US"), f"buyer{n}@acme.test"
        company = Company(n, customer.format(n), f"Acme {n}", mail, "A", "B", *street, "USD")
        line = QuoteLine("TEAM", 5, 0, Decimal(29), 1)
        await self.sales.create_account(company, "Card")
        await self.sales.win(company, Deal(f"OPP-{n}", "new", f"OPP-{n}", today, None, (line,)), today)
        for _ in range(200):
            for each in (await self.core("GET", "/v1/exceptions?limit=200"))["items"]:
                if each["label"] == f"order:OPP-{n}":
                    return each["id"], f"OPP-{n}"
            await asyncio.sleep(0.05)
        pending = await self.core("GET", "/v1/operations/pending")
        raise AssertionError(f"OPP-{n} is never held: {pending}")

    async def core(self, method: str, path: str, body: object = None, token: str = "") -> Any:
        """Asked as the operators."""
        headers = {
            "authorization": f"Bearer {token or self.lab.token}",
            "idempotency-key": secrets.token_hex(8),
        }
        async with self.session.request(
            method, self.lab.core_url + path, json=body, headers=headers
        ) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def state(self, number: int, wanted: str) -> dict[str, Any]:
        """The transaction, once it is in this state."""
        for _ in range(200):
            found: dict[str, Any] = await self.core("GET", f"/v1/exceptions/{number}")
            if found["state"] == wanted:
                return found
            await asyncio.sleep(0.05)
        raise AssertionError(f"{number} is never {wanted}: {found}")

    @asynccontextmanager
    async def page(self, token: str = "", width: int = 1300) -> AsyncIterator[Tab]:
        """Signed in by the address that `tieout up` prints; at the end nothing was complained of."""
        async with self.browser.tab(width) as tab:
            await tab.go(f"{self.lab.core_url}/#token={token or self.lab.token}")
            await tab.until("!document.getElementById('board').hidden")
            yield tab
            await tab.at_ease()


Run = Callable[[Callable[[Site], Coroutine[Any, Any, Any]]], Any]


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """One core and one browser for all tests of this file."""

    async def aside(look: Callable[[], Person | None]) -> Person | None:
        return look()

    def access(url: str) -> Access:
        return Access(PEOPLE, url, lambda: secrets.token_urlsafe(32), aside)

    async def main(folder: Path, there: asyncio.Future[Site], end: asyncio.Event) -> None:
        plan = Plan(port_base=0, seed="test", options=OPTIONS)
        async with (
            chromium(folder) as browser,
            served(plan, model="orchestrated", access=access) as lab,
            reaching(lab.urls, lab.credentials, WallClock()) as hands,
            aiohttp.ClientSession() as session,
        ):
            there.set_result(Site(lab, hands, Sales(hands, lab.product_ids), browser, session))
            await end.wait()

    async def begun() -> tuple[Site, asyncio.Task[None], asyncio.Event]:
        there: asyncio.Future[Site] = asyncio.get_running_loop().create_future()
        end = asyncio.Event()
        whole = asyncio.create_task(main(tmp_path_factory.mktemp("chromium"), there, end))
        await asyncio.wait([whole, there], return_when=asyncio.FIRST_COMPLETED)
        if whole.done():
            whole.result()
        return there.result(), whole, end

    async def ended(whole: asyncio.Task[None], end: asyncio.Event) -> None:
        end.set()
        await whole

    with asyncio.Runner() as runner:
        site, whole, end = runner.run(begun())
        yield lambda story: runner.run(story(site))
        runner.run(ended(whole, end))


def button(title: str, number: int) -> str:
    return f'button[aria-label="{title} #{number}"]'


def row(number: int) -> str:
    return f"[...document.querySelectorAll('{ROWS}')].find((r) => r.innerText.includes('#{number}\\t'))"


async def decide(tab: Tab, title: str, number: int, reason: str) -> None:
    """As a person does: the button, the reason, the button again."""
    await tab.until(f"document.querySelector('{button(title, number)}')")
    await tab.press(button(title, number))
    await tab.until("document.activeElement.id === 'reason'")
    await tab.write(reason)
    await tab.press("#confirm")


async def signed_in(site: Site, name: str) -> str:
    """A person's token, for the code that the page with name and password sends the browser away with."""
    back = f"{site.lab.core_url}/callback"
    wish = {
        "response_type": "code", "client_id": "desk", "redirect_uri": back, "state": "s",
        "code_challenge": challenge_of(VERIFIER), "code_challenge_method": "S256",
    }  # fmt: skip
    async with site.browser.tab() as tab:
        await tab.go(f"{site.lab.core_url}/oauth/authorize?{urlencode(wish)}")
        for word in ("a wrong password", WORD):
            await tab.press("[name=name]")
            await tab.write(name)
            await tab.keys("Tab")
            await tab.write(word)
            await tab.keys("Enter")
            if word != WORD:
                await tab.until("document.querySelector('[role=alert]')")
                assert await tab.text("[role=alert]") == "Name or password is wrong."
        await tab.until("location.pathname === '/callback'")
        await tab.at_ease()
        (code,) = parse_qs(urlsplit(tab.visited[-1]).query)["code"]
    form = {
        "grant_type": "authorization_code", "client_id": "desk", "redirect_uri": back,
        "code_verifier": VERIFIER, "code": code,
    }  # fmt: skip
    async with site.session.post(f"{site.lab.core_url}/oauth/token", data=form) as answer:
        return str((await answer.json())["access_token"])


SHOWN = """(() => {
  const texts = (query) => [...document.querySelectorAll(query)].map((each) => each.innerText);
  return [
    texts("#held-count")[0], `${texts("%s").length}`, texts("#state")[0],
    texts("#flows > div > table tbody tr").map((line) => line.split("\\t").slice(1, 5)),
    texts("#vendors tbody tr td:first-child"),
  ];
})()"""


async def as_the_core_says(site: Site, tab: Tab) -> None:
    """The page's figures are those of the core. They are asked one after the other, so what changed in
    between is looked at once more."""
    for _ in range(40):
        await tab.js(LOOK)
        await asyncio.sleep(0.2)
        shown = await tab.js(SHOWN % ROWS)
        seen = await site.core("GET", "/v1/operations/overview")
        (flow,) = [each for each in seen["flows"] if each["flow"] == "order_to_subscription"]
        held, window = f"{flow['held']}", flow["windows"]["360m"]
        total = window["good"] + window["bad"]
        in_time = f"{window['good']} of {total}" if total else "–"
        line = ["1 h", f"{flow['waiting'] + flow['in_hand']}", held, in_time]
        vendors = [each["system"] for each in seen["vendors"]]
        said = [held, held, f"{held} held", [line], vendors]
        if shown == said and vendors:
            return
    assert shown == said != []


def test_a_person_signs_in_sees_what_the_core_says_and_signs_out(play: Run) -> None:
    async def story(site: Site) -> None:
        number, deal = await site.held()
        token = await signed_in(site, "ann")
        async with site.browser.tab() as tab:
            await tab.go(site.lab.core_url)
            assert await tab.until("document.activeElement.id") == "token"
            await tab.write("wrong")
            await tab.keys("Enter")
            await tab.until("document.getElementById('refused').innerText")
            assert await tab.text("#refused") == "the bearer token does not hold"
            await tab.write(token)
            await tab.keys("Enter")
            await tab.until(row(number))
            assert await tab.text("#who") == "ann"
            shown = await tab.js(f"{row(number)}.innerText")
            for word in (
                f"order:{deal}",
                "sales operations",
                f"account ACC-{deal[4:]}: the billing address is",
            ):
                assert word in shown
            await as_the_core_says(site, tab)
            assert "alive" in await tab.text("#processes")
            await tab.press("#out")
            assert await tab.text("#state") == "signed out"
            assert not await tab.js("document.getElementById('board').checkVisibility()")
            # Neither in sight nor behind the door.
            assert deal not in await tab.js("document.documentElement.outerHTML")
            assert await tab.js("Object.keys(sessionStorage).length") == 0
            await tab.at_ease()

    play(story)


def test_the_token_of_the_printed_address_stays_nowhere_to_be_read(play: Run) -> None:
    async def story(site: Site) -> None:
        async with site.page() as tab:
            assert await tab.js("location.href") == f"{site.lab.core_url}/"
            assert await tab.text("#who") == "operator"
            assert not [url for url in tab.visited if site.lab.token in url]

    play(story)


def test_released_after_the_cause_is_mended_the_order_goes_on_to_its_end(play: Run) -> None:
    async def story(site: Site) -> dict[str, Any]:
        number, deal = await site.held()
        account = f"{SALESFORCE}/sobjects/Account/External_Id__c/ACC-{deal[4:]}"
        await site.hands.call("salesforce", "PATCH", account, json_body={"BillingPostalCode": "78701"})
        async with site.page() as tab:
            await decide(tab, "Release", number, "the address is complete now")
            # It goes from the list by itself.
            await tab.until(f"!{row(number)} && !document.getElementById('decide').open")
        return await site.state(number, "done")

    assert play(story)["done"][-1] == "announce_order"


@pytest.mark.parametrize(
    ("title", "state", "act"),
    [("Skip step", "done", "skip"), ("Take back", "undone", "undo"), ("Give up", "abandoned", "abandon")],
)
def test_each_button_does_what_it_says_and_its_reason_is_told(
    play: Run, title: str, state: str, act: str
) -> None:
    async def story(site: Site) -> tuple[dict[str, Any], list[str]]:
        number, deal = await site.held()
        async with site.page() as tab:
            await decide(tab, title, number, f"as {deal} was agreed")
            await tab.until("!document.getElementById('decide').open")
        told = (await site.core("GET", "/v1/operations/counters"))["alerts"]
        return await site.state(number, state), [each["text"] for each in told]

    task, told = play(story)
    # The step that was skipped counts as done.
    assert ("validate_account" in task["done"]) == (act == "skip")
    said = f"of order_to_subscription by operator: as {task['label'][6:]} was agreed"
    assert [text for text in told if text.endswith(said)]


def test_a_refusal_is_said_in_words_and_the_reason_is_kept_for_another_try(play: Run) -> None:
    async def story(site: Site) -> None:
        number, deal = await site.held()
        async with site.page() as tab:
            await decide(tab, "Release", number, "no")
            # Too short: the browser says so, and nothing is sent.
            assert not await tab.js("document.getElementById('reason').validity.valid")
            await tab.press("#reason")
            await tab.js("document.getElementById('reason').select()")
            await tab.write("      ")
            await tab.press("#confirm")
            await tab.until("document.getElementById('decide-error').innerText")
            assert "reason" in await tab.text("#decide-error")
            await site.core("POST", f"/v1/exceptions/{number}/abandon", {"reason": "dealt with by hand"})
            await tab.js("document.getElementById('reason').select()")
            await tab.write("the address is there")
            await tab.press("#confirm")
            await tab.until("document.getElementById('decide-error').innerText.includes('abandoned')")
            assert (
                await tab.text("#decide-error") == f"order:{deal}: it is abandoned; release is not possible"
            )
            assert await tab.js("document.getElementById('reason').value") == "the address is there"
            await tab.press("#cancel")
            assert not await tab.js("document.getElementById('decide').open")

    play(story)


def test_who_may_only_look_sees_no_button_and_no_personal_data(play: Run) -> None:
    async def story(site: Site) -> None:
        number, _ = await site.held("jane.doe@acme.test")
        quoted, other = "account jane.doe@acme.test: the", "account •••@acme.test: the"
        async with site.page() as tab:
            await tab.until(row(number))
            assert quoted in await tab.text("#held-table")
            assert await tab.js(f"{row(number)}.querySelectorAll('button').length") == 4
        async with site.page(await signed_in(site, "eve")) as tab:
            await tab.until(row(number))
            assert await tab.text("#who") == "eve"
            assert await tab.js("document.querySelectorAll('#board button').length") == 0
            assert other in await tab.text("#held-table")
            assert "jane" not in await tab.js("document.documentElement.outerHTML")

    play(story)


def test_who_may_not_look_at_all_is_told_what_is_missing(play: Run) -> None:
    async def story(site: Site) -> None:
        token = await signed_in(site, "jim")
        async with site.browser.tab() as tab:
            await tab.go(f"{site.lab.core_url}/#token={token}")
            await tab.until("document.getElementById('refused').innerText")
            assert await tab.text("#refused") == "jim has not been granted exceptions:read"
            assert not await tab.js("document.getElementById('board').checkVisibility()")
            await tab.at_ease()

    play(story)


def test_by_keyboard_alone_and_the_place_is_kept_while_the_page_is_drawn_anew(play: Run) -> None:
    async def story(site: Site) -> None:
        (first, _), (second, _) = await site.held(), await site.held()
        focused = "document.activeElement.getAttribute('aria-label')"
        async with site.page() as tab:
            await tab.until(row(second))
            await tab.js("document.activeElement.blur()")
            await tab.keys("Tab", "Enter")
            assert await tab.js("document.activeElement.id") == "held"
            for _ in range(400):
                if await tab.js(focused) == f"Give up #{first}":
                    break
                await tab.keys("Tab")
            # What is looked at is in sight and told from the rest.
            outline = "getComputedStyle(document.activeElement).outlineStyle"
            assert await tab.js(outline) == "solid"
            await tab.keys("Enter")
            await tab.until("document.activeElement.id === 'reason'")
            await tab.keys("Escape")
            assert await tab.js(focused) == f"Give up #{first}"
            third, _ = await site.held()
            await tab.js(LOOK)
            await tab.until(row(third))
            assert await tab.js(focused) == f"Give up #{first}"
            await tab.keys("Enter")
            await tab.write("given up by keyboard")
            await tab.keys("Tab", "Tab", "Enter")
            await tab.until(f"!{row(first)}")
            # Not at the top of the page again.
            assert await tab.js("document.activeElement.id") == "held"
        await site.state(first, "abandoned")

    play(story)


def test_on_a_telephone_nothing_lies_beyond_the_edge(play: Run) -> None:
    async def story(site: Site) -> None:
        number, deal = await site.held()
        async with site.page(width=400) as tab:
            await tab.until(row(number).replace("\\t", ""))
            assert await tab.js("document.documentElement.scrollWidth") == 400
            beyond = await tab.js(
                """[...document.querySelectorAll("header *, #held-table button, .tile, figure, h2")]
                .filter((e) => e.checkVisibility()).map((e) => [e.getBoundingClientRect(), e.outerHTML])
                .filter(([r]) => r.right > 400 || r.left < 0)"""
            )
            assert beyond == []
            await decide(tab, "Give up", number, f"{deal} by telephone")
            await tab.until("!document.getElementById('decide').open")
        await site.state(number, "abandoned")

    play(story)


def test_the_dialog_of_a_session_that_is_over_does_not_lie_over_the_door(play: Run) -> None:
    async def story(site: Site) -> None:
        number, _ = await site.held()
        token = await signed_in(site, "ann")
        async with site.page(token) as tab:
            await tab.until(row(number))
            await tab.press(button("Release", number))
            ended = {"token": token, "client_id": "desk"}
            async with site.session.post(f"{site.lab.core_url}/oauth/revoke", data=ended) as answer:
                assert answer.status == 200
            await tab.js(LOOK)
            await tab.until("!document.getElementById('door').hidden")
            assert await tab.js("document.activeElement.id") == "token"
            assert await tab.text("#refused") == "the bearer token does not hold"

    play(story)


def test_an_answer_that_comes_after_signing_out_is_not_shown(play: Run) -> None:
    async def story(site: Site) -> None:
        await site.held()
        async with site.page() as tab:
            wait = "new Promise((r) => setTimeout(r, 400))"
            await tab.js(f"window.fetch = ((f) => (...a) => {wait}.then(() => f(...a)))(fetch); 0")
            # A look that is under way when the person goes.
            await tab.js(LOOK)
            await tab.js("document.getElementById('out').click()")
            await asyncio.sleep(0.8)
            assert await tab.text("#state") == "signed out"
            assert not await tab.js("document.getElementById('board').checkVisibility()")

    play(story)


def test_a_core_that_does_not_answer_is_said_and_what_was_seen_stays(play: Run) -> None:
    async def story(site: Site) -> None:
        await site.held()
        state = "document.getElementById('state').innerText"
        line = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        async with site.page() as tab:
            # Each process tells the others of its alerts now and then.
            await tab.until(
                "document.getElementById('alerts').innerText.includes('order_to_subscription held')"
            )
            await tab.ask("Network.emulateNetworkConditions", offline=True, **line)
            await tab.js(LOOK)
            await tab.until(f"{state} === 'The core does not answer'")
            assert await tab.text("#tiles")
            assert "order_to_subscription held" in await tab.text("#alerts")
            await tab.ask("Network.emulateNetworkConditions", offline=False, **line)
            await tab.js(LOOK)
            await tab.until(f"{state} !== 'The core does not answer'")

    play(story)
