"""People sign in with PKCE: what lets in, what does not, and what holds afterwards."""

from __future__ import annotations

import asyncio
import re
from html import unescape
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from core.api.people import LOCKED_US, Access
from core.api.signing_page import COOKIE
from core.governance.accounts import Account, Accounts, Secret
from core.governance.people import Client as Program
from core.governance.people import People, Person, hashed
from core.governance.sessions import GRACE_US, SESSION_US, challenge_of
from tests.unit.core.api.client import Client, asked

# The weakest that is allowed, so that the tests are quick.
HASH = hashed("correct horse battery", b"0123456789abcdef", cost=14, parallel=1)
BACK, ISSUER, VERIFIER = "http://127.0.0.1:8765/callback", "http://127.0.0.1:4240", "v" * 43
SCOPES = frozenset({"exceptions:read", "exceptions:decide"})
PEOPLE = People(
    (Person("ann", SCOPES, HASH), Person("ben", SCOPES, HASH)),
    (Program("desk", (BACK,)), Program("other", ("https://other.example/back",))),
)
WISH = {
    "response_type": "code", "client_id": "desk", "redirect_uri": BACK, "state": "st&te", "code_challenge":
    challenge_of(VERIFIER), "code_challenge_method": "S256",
}  # fmt: skip
FORM = {"content_type": "application/x-www-form-urlencoded", "token": None}


def play(story: Any) -> Any:
    words = count()

    async def aside(look: Any) -> Any:
        return look()

    access = Access(PEOPLE, ISSUER, lambda: f"word-{next(words)}", aside)
    accounts = Accounts((Account("reader", frozenset(), (Secret("s" * 24),)),))
    return asked(story, accounts=accounts, access=access)


async def page(client: Client, **change: str):
    return await client("GET", f"/oauth/authorize?{urlencode(WISH | change)}", token=None)


def hidden(html: bytes) -> dict[str, str]:
    found = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', html.decode())
    return {unescape(name): unescape(value) for name, value in found}


async def send(
    client: Client, shown: Any, name: str, password: str, cookie: str | None = None, **change: str
):
    own = shown.headers["set-cookie"].partition(";")[0] if cookie is None else cookie
    body = urlencode(hidden(shown.body) | {"name": name, "password": password} | change).encode()
    return await client("POST", "/oauth/authorize", raw=body, cookie=own, **FORM)


async def sign_in(client: Client, name: str = "ann", **change: str) -> dict[str, str]:
    gone = await send(client, await page(client, **change), name, "correct horse battery")
    assert gone.status == 303, gone.body
    assert gone.headers["location"].startswith(f"{BACK}?")
    return {n: v[0] for n, v in parse_qs(urlsplit(gone.headers["location"]).query).items()}


async def token(client: Client, **form: str):
    return await client("POST", "/oauth/token", raw=urlencode(form).encode(), **FORM)


async def redeem(client: Client, code: str, **change: str):
    form = {"client_id": "desk", "redirect_uri": BACK, "code_verifier": VERIFIER, "code": code}
    return await token(client, **({"grant_type": "authorization_code"} | form | change))


async def refresh(client: Client, word: str, **change: str):
    form = {"grant_type": "refresh_token", "client_id": "desk", "refresh_token": word}
    return await token(client, **(form | change))


async def lines(client: Client) -> list[tuple[str, str, str, str]]:
    return [(e.who, e.act, e.outcome, e.reason) for e in await client.office.store.audited(0, 99)]


def test_who_signs_in_gets_tokens_and_is_named():
    async def story(client: Client):
        said = await sign_in(client)
        assert (said["state"], said["iss"]) == ("st&te", ISSUER)
        issued = await redeem(client, said["code"])
        assert issued.status == 200
        assert issued.headers["cache-control"] == "no-store"
        assert issued.json["scope"] == "exceptions:decide exceptions:read"
        seen = await client("GET", "/v1/exceptions", token=issued.json["access_token"])
        refused = await client("GET", "/v1/payouts/p", token=issued.json["access_token"])
        kept = "\n".join(client.office.store.database.iterdump())
        for word in (
            said["code"],
            issued.json["refresh_token"],
            issued.json["access_token"],
            "correct horse",
        ):
            assert word not in kept
        return seen.status, refused.status, await lines(client)

    seen, refused, written = play(story)
    assert (seen, refused) == (200, 403)
    assert written == [("ann", "sign in", "done", ""), ("ann", "GET", "refused", "scope not granted")]


def test_words_where_they_do_not_belong_are_not_kept():
    """Typed as a name, taken for an account or a program: the audit log is read by many."""

    async def story(client: Client):
        code = (await sign_in(client))["code"]
        issued = (await redeem(client, code)).json
        words = ["correct horse battery", VERIFIER, code, issued["access_token"], issued["refresh_token"]]
        told = []
        for word in words:
            # Each in a minute of its own: in a flood lines are only counted.
            await asyncio.sleep(61)
            told += [
                await token(client, grant_type="client_credentials", client_id=word, client_secret=word),
                await redeem(client, word + "x", client_id=word),
                await refresh(client, word + "x", client_id=word),
                await page(client, client_id=word),
                await send(client, await page(client), word, word),
                await client("GET", "/v1/exceptions", token=word + "x"),
            ]
        kept = "\n".join(client.office.store.database.iterdump())
        answers = b"".join(each.body + repr(each.headers).encode() for each in told).decode()
        return (
            [each.status for each in told],
            [w for w in words if w in kept],
            [w for w in words if w in answers],
        )

    statuses, kept, answered = play(story)
    assert min(statuses) >= 400
    assert (kept, answered) == ([], [])


def test_the_page_guards_itself():
    async def story(client: Client):
        shown = await page(client, state='"><script>')
        assert shown.status == 200
        assert b"<script>" not in shown.body
        assert "form-action 'self' http://127.0.0.1:8765;" in shown.headers["content-security-policy"]
        assert shown.headers["x-frame-options"] == "DENY"
        assert shown.headers["cache-control"] == "no-store"
        cookie = shown.headers["set-cookie"]
        assert cookie.startswith(COOKIE)
        assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
        for stolen in ("", f"{COOKIE}=word-77"):
            assert (await send(client, shown, "ann", "correct horse battery", stolen)).status == 400
        # Nothing of what was asked for can be changed between page and form.
        for change in (
            {"scope": "jobs:run"},
            {"state": "x"},
            {"word": "0"},
            {"moment": "1"},
            {"moment": "x"},
        ):
            assert (await send(client, shown, "ann", "correct horse battery", **change)).status == 400

    play(story)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"scope": "everything"}, "invalid_scope"),
    ],
)
def test_what_is_asked_wrongly_goes_back_to_the_program(change, error):
    async def story(client: Client):
        return await page(client, **change)

    gone = play(story)
    assert gone.status == 303
    assert parse_qs(urlsplit(gone.headers["location"]).query) == {
        "error": [error], "state": ["st&te"], "iss": [ISSUER],
    }  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "nobody"},
        {"redirect_uri": "http://127.0.0.1:8765/callback/"},
        {"redirect_uri": "http://127.0.0.1:8765/callback?x=1"},
        {"redirect_uri": "http://127.0.0.1.evil.example:8765/callback"},
        {"redirect_uri": "http://127.0.0.1:8765@evil.example/callback"},
        {"redirect_uri": "http://localhost:8765/callback"},
        {"redirect_uri": "https://other.example/back"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": ""},
    ],
)
def test_nobody_is_sent_anywhere_that_is_not_the_programs_own(change):
    async def story(client: Client):
        return await page(client, **change)

    shown = play(story)
    assert shown.status == 400
    assert "location" not in shown.headers


def test_the_port_of_a_loopback_address_may_be_any():
    async def story(client: Client):
        return (await page(client, redirect_uri="http://127.0.0.1:50123/callback")).status

    assert play(story) == 200


@pytest.mark.parametrize(
    "change",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1:50123/callback"},
        {"client_id": "other"},
        {"code": "code.word.0.AAAA"},
    ],
)
def test_a_code_is_worth_nothing_to_anybody_else(change):
    async def story(client: Client):
        code = (await sign_in(client))["code"]
        return await redeem(client, **({"code": code} | change))

    answer = play(story)
    assert (answer.status, answer.json["error"]) == (400, "invalid_grant")


def test_a_code_lasts_a_minute_and_comes_once_or_all_ends():
    async def story(client: Client):
        late = (await sign_in(client))["code"]
        await asyncio.sleep(61)
        assert (await redeem(client, late)).status == 400
        code = (await sign_in(client))["code"]
        issued = (await redeem(client, code)).json
        assert (await redeem(client, code)).status == 400
        assert (await refresh(client, issued["refresh_token"])).status == 400
        assert (await client("GET", "/v1/exceptions", token=issued["access_token"])).status == 401
        return (await lines(client))[-3:]

    assert [row[3] for row in play(story)] == [
        "the code came twice", "the session is over", "wrong or expired token",
    ]  # fmt: skip


def test_refresh_tokens_turn_and_two_at_once_get_the_same_one():
    async def story(client: Client):
        first = (await redeem(client, (await sign_in(client))["code"])).json["refresh_token"]
        one, two = (await refresh(client, first)).json, (await refresh(client, first)).json
        assert one["refresh_token"] == two["refresh_token"] != first
        third = await refresh(client, one["refresh_token"], scope="exceptions:read")
        assert third.json["scope"] == "exceptions:read"
        assert (await refresh(client, third.json["refresh_token"], scope="jobs:run")).json == {
            "error": "invalid_scope", "error_description": "more than was granted",
        }  # fmt: skip

    play(story)


def test_a_refresh_token_that_comes_again_ends_the_session_for_everybody():
    async def story(client: Client):
        first = (await redeem(client, (await sign_in(client))["code"])).json["refresh_token"]
        latest = (await refresh(client, first)).json
        await asyncio.sleep(GRACE_US // 1_000_000 + 1)
        assert (await refresh(client, first)).status == 400
        assert (await refresh(client, latest["refresh_token"])).status == 400
        assert (await client("GET", "/v1/exceptions", token=latest["access_token"])).status == 401
        return [row for row in await lines(client) if row[1] == "sign in"][-2]

    assert play(story) == ("ann", "sign in", "refused", "a refresh token was used again")


def test_a_session_has_an_end_and_is_another_programs_nothing():
    async def story(client: Client):
        word = (await redeem(client, (await sign_in(client))["code"])).json["refresh_token"]
        assert (await refresh(client, word, client_id="other")).status == 400
        await asyncio.sleep(SESSION_US // 1_000_000)
        return (await refresh(client, word)).status

    assert play(story) == 400


@pytest.mark.parametrize("kind", ["refresh_token", "access_token"])
def test_whoever_signs_out_is_out_at_once(kind):
    async def story(client: Client):
        issued = (await redeem(client, (await sign_in(client))["code"])).json
        for form in ({"token": issued[kind], "client_id": "other"}, {"token": "x", "client_id": "desk"}):
            assert (await client("POST", "/oauth/revoke", raw=urlencode(form).encode(), **FORM)).status == 200
        assert (await client("GET", "/v1/exceptions", token=issued["access_token"])).status == 200
        form = {"token": issued[kind], "client_id": "desk"}
        assert (await client("POST", "/oauth/revoke", raw=urlencode(form).encode(), **FORM)).status == 200
        assert (await client("GET", "/v1/exceptions", token=issued["access_token"])).status == 401
        return (await refresh(client, issued["refresh_token"])).status, await lines(client)

    status, written = play(story)
    assert status == 400
    assert ("ann", "sign out", "done", "") in written


@pytest.mark.parametrize("name", ["ann", "nobody-we-know"])
def test_who_guesses_is_locked_out_for_a_while_whether_the_name_is_known_or_not(name):
    async def story(client: Client):
        answers = [await send(client, await page(client), name, f"guess number {n}") for n in range(7)]
        assert [answer.status for answer in answers] == [401] * 5 + [429] * 2
        assert answers[0].body.count(b"Name or password is wrong") == 1
        assert answers[6].headers["retry-after"] == "300"
        # The right one neither helps nor is tried.
        assert (await send(client, await page(client), name, "correct horse battery")).status == 429
        assert (await send(client, await page(client), "ben", "correct horse battery")).status == 303
        await asyncio.sleep(LOCKED_US // 1_000_000)
        after = await send(client, await page(client), name, "correct horse battery")
        kept = "\n".join(client.office.store.database.iterdump())
        return after.status, "guess number" in kept, "nobody-we-know" in kept

    assert play(story) == (303 if name == "ann" else 401, False, False)


def test_people_can_be_told_apart_who_held_does_not_release():
    from core.governance.duties import Duties, HoldAndRelease

    async def story(client: Client):
        tokens = {
            name: (await redeem(client, (await sign_in(client, name))["code"])).json["access_token"]
            for name in ("ann", "ben")
        }
        await client.office.store.enqueue("order-to-cash", "q1", client.office.clock.now())
        (task,) = await client.office.store.ready()
        said = {"reason": "because of this"}
        path = f"/v1/exceptions/{task.id}"
        assert (await client("POST", f"{path}/hold", said, token=tokens["ann"])).status == 200
        own = await client("POST", f"{path}/release", said, token=tokens["ann"])
        other = await client("POST", f"{path}/release", said, token=tokens["ben"])
        return own.status, other.status, [row[:3] for row in await lines(client)][2:]

    duties = Duties(HoldAndRelease.SOMEBODY_ELSE, {})
    words = count()

    async def aside(look: Any) -> Any:
        return look()

    access = Access(PEOPLE, ISSUER, lambda: f"word-{next(words)}", aside)
    own, other, written = asked(story, access=access, duties=duties)
    assert (own, other) == (409, 200)
    assert ("ann", "release", "refused") in written
    assert ("ben", "release", "done") in written


def test_the_document_says_what_there_is():
    async def story(client: Client):
        return (await client("GET", "/.well-known/oauth-authorization-server", token=None)).json

    told = play(story)
    assert told["issuer"] == ISSUER
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["authorization_response_iss_parameter_supported"] is True
    assert told["response_types_supported"] == ["code"]


def test_without_people_there_is_no_such_door():
    async def story(client: Client):
        return (await page(client)).status, (await redeem(client, "x")).status

    assert asked(story) == (404, 401)
