"""Debian's Chromium without a window, driven over the DevTools protocol through the websocket of aiohttp.

https://chromedevtools.github.io/devtools-protocol/ names the methods and events that are used here.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

_KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32}
# Told to the page before its own scripts: what the policy of the page refused.
_LISTENS = """
window.refusedByPolicy = [];
document.addEventListener("securitypolicyviolation", (e) => {
  refusedByPolicy.push(e.violatedDirective + " " + e.blockedURI);
});
"""


class Browser:
    """One process with one connection; each tab in a context of its own, as if in a fresh profile."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse) -> None:
        self._line, self._numbers = line, itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._tabs: dict[str, Tab] = {}

    async def hear(self) -> None:
        """Answers to whoever waits for them, events to their tab; until the connection ends."""
        async for message in self._line:
            said = json.loads(message.data)
            if "id" in said:
                waiting = self._waiting.pop(said["id"])
                if "error" in said:
                    waiting.set_exception(AssertionError(said["error"]["message"]))
                else:
                    waiting.set_result(said["result"])
            elif said.get("sessionId") in self._tabs:
                self._tabs[said["sessionId"]].heard(said["method"], said["params"])

    async def ask(self, method: str, session: str = "", /, **params: Any) -> Any:
        """The result of one method."""
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        at = {"sessionId": session} if session else {}
        await self._line.send_json({"id": number, "method": method, "params": params, **at})
        return await asyncio.wait_for(self._waiting[number], 20)

    @asynccontextmanager
    async def tab(self, width: int = 1300, height: int = 1000) -> AsyncIterator[Tab]:
        """A tab that knows nothing of any other; what it complained of is for its user to look at."""
        context = (await self.ask("Target.createBrowserContext"))["browserContextId"]
        made = await self.ask("Target.createTarget", url="about:blank", browserContextId=context)
        attached = await self.ask("Target.attachToTarget", targetId=made["targetId"], flatten=True)
        tab = self._tabs[attached["sessionId"]] = Tab(self, attached["sessionId"])
        try:
            for domain in ("Page", "Runtime", "Log", "Network"):
                await tab.ask(f"{domain}.enable")
            await tab.ask("Page.addScriptToEvaluateOnNewDocument", source=_LISTENS)
            await tab.wide(width, height)
            yield tab
        finally:
            await self.ask("Target.disposeBrowserContext", browserContextId=context)


class Tab:
    """What a person does at a page, and what is to be seen there. complaints: exceptions of scripts, errors
    on the console and refusals by the page's policy; failed requests are no complaint of the page."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser, self._session = browser, session
        self.complaints: list[str] = []
        self.visited: list[str] = []

    def heard(self, method: str, params: dict[str, Any]) -> None:
        """One event."""
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.complaints.append(str([each.get("value") for each in params["args"]]))
        elif method == "Log.entryAdded" and params["entry"]["source"] != "network":
            self.complaints.append(params["entry"]["text"])
        elif method == "Network.requestWillBeSent" and params.get("type") == "Document":
            self.visited.append(params["request"]["url"])

    async def ask(self, method: str, /, **params: Any) -> Any:
        """A method of this tab."""
        return await self._browser.ask(method, self._session, **params)

    async def wide(self, width: int, height: int) -> None:
        """The window, in CSS pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        await self.ask("Emulation.setDeviceMetricsOverride", **size)

    async def go(self, url: str) -> None:
        """Until the page says that it is loaded."""
        await self.ask("Page.navigate", url=url)
        await self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    async def js(self, expression: str) -> Any:
        """Its value, as JSON has it; AssertionError with the exception it throws."""
        asked = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        answer = await self.ask("Runtime.evaluate", **asked)
        if "exceptionDetails" in answer:
            raise AssertionError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    async def until(self, expression: str, seconds: float = 15) -> Any:
        """What it gives once that is true, True for an element; AssertionError with what the page shows
        otherwise."""
        asked = f"((it) => it instanceof Node || it)({expression})"
        try:
            async with asyncio.timeout(seconds):
                while not (found := await self.js(asked)):
                    await asyncio.sleep(0.03)
                return found
        except TimeoutError:
            shown = await self.js("document.body.innerText")
            raise AssertionError(f"never: {expression}; the page shows: {shown}") from None

    async def text(self, selector: str) -> str:
        """What a person reads in it; "" for what is hidden."""
        return str(await self.js(f"document.querySelector({selector!r}).innerText"))

    async def press(self, selector: str) -> None:
        """With the mouse, where it is; AssertionError if something else lies there."""
        where = await self.js(
            f"""(() => {{ const e = document.querySelector({selector!r});
            e.scrollIntoView({{block: "center"}});
            const r = e.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2;
            return [x, y, e.contains(document.elementFromPoint(x, y))]; }})()"""
        )
        assert where[2], f"{selector} is covered or out of sight"
        at = {"x": where[0], "y": where[1], "button": "left", "clickCount": 1}
        for kind in ("mousePressed", "mouseReleased"):
            await self.ask("Input.dispatchMouseEvent", type=kind, **at)

    async def keys(self, *names: str) -> None:
        """One after the other; "Shift+Tab" goes back."""
        for name in names:
            held, _, key = name.rpartition("+")
            code = {"windowsVirtualKeyCode": _KEYS[key], "modifiers": 8 if held else 0}
            text = {"text": "\r"} if key == "Enter" else {}
            await self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, **code, **text)
            await self.ask("Input.dispatchKeyEvent", type="keyUp", key=key, code=key, **code)

    async def write(self, text: str) -> None:
        """Where the focus is."""
        await self.ask("Input.insertText", text=text)

    async def at_ease(self) -> None:
        """AssertionError for an exception, an error on the console or a breach of the page's policy."""
        assert self.complaints == []
        assert await self.js("refusedByPolicy") == []


@asynccontextmanager
async def chromium(folder: Path) -> AsyncIterator[Browser]:
    """One Chromium with its profile in this folder; in CI it must be there, elsewhere the test is skipped."""
    program = shutil.which("chromium")
    if program is None:
        assert not os.environ.get("CI"), "chromium is missing"
        pytest.skip("chromium is not installed")
    # Its sandbox does not start for root, nor in most containers; what is shown here is our own.
    switches = (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
    )
    own = ("--remote-debugging-port=0", f"--user-data-dir={folder}", "--disable-background-networking")
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        program, *switches, *own, "about:blank", stdout=quiet, stderr=quiet, start_new_session=True
    )
    async with AsyncExitStack() as stack:
        stack.push_async_callback(_ended, process)
        told = folder / "DevToolsActivePort"
        async with asyncio.timeout(30):
            while not told.exists() or "\n" not in told.read_text():
                await asyncio.sleep(0.05)
        port, path = told.read_text().split("\n")[:2]
        session = await stack.enter_async_context(aiohttp.ClientSession())
        line = await stack.enter_async_context(
            session.ws_connect(f"ws://127.0.0.1:{port}{path}", max_msg_size=0)
        )
        browser = Browser(line)
        hearing = asyncio.create_task(browser.hear())
        stack.callback(hearing.cancel)
        yield browser


async def _ended(process: asyncio.subprocess.Process) -> None:
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), 5)
    except TimeoutError:
        process.kill()
        await process.wait()
