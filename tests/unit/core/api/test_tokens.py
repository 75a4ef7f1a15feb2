"""What a token is worth, and taking one back: by whom, of whose, and what is left of it afterwards."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from core.governance.accounts import Account, Accounts, Secret
from core.governance.chain import verify
from core.governance.tokens import LIFETIME_SECONDS
from tests.unit.core.api.client import TOKEN, Client, asked
from tests.unit.core.api.test_people import play as with_people
from tests.unit.core.api.test_people import redeem, sign_in
from tests.unit.core.fakes import START_US

SECRET = "a-secret-of-24-characters"
FORM = {"content_type": "application/x-www-form-urlencoded"}
ACCOUNTS = Accounts(
    [
        Account("bot", frozenset({"customers:read"}), (Secret(SECRET),)),
        Account("other", frozenset({"customers:read"}), (Secret(SECRET[::-1]),)),
        Account("watch", frozenset({"tokens:read"}), (Secret(SECRET),)),
        Account("guard", frozenset({"tokens:revoke"}), (Secret(SECRET),)),
    ]
)


def play(story: Any) -> Any:
    return asked(story, accounts=ACCOUNTS)


async def send(client: Client, path: str, by: str | None = None, /, **form: str):
    return await client("POST", path, raw=urlencode(form).encode(), token=by, **FORM)


async def given(client: Client, name: str, secret: str = SECRET) -> str:
    issued = await send(
        client, "/oauth/token", grant_type="client_credentials", client_id=name, client_secret=secret
    )
    return str(issued.json["access_token"])


async def lines(client: Client) -> list[tuple[str, str, str, str]]:
    return [(e.who, e.act, e.subject, e.outcome) for e in await client.office.store.audited(0, 99)]


async def works(client: Client, token: str) -> int:
    return (await client("GET", "/v1/customers/acme", token=token)).status


def test_who_may_ask_is_told_what_a_token_is_worth_and_of_no_other_token_anything():
    async def story(client: Client):
        bot, watch = await given(client, "bot"), await given(client, "watch")
        told = await send(client, "/oauth/introspect", watch, token=bot, token_type_hint="access_token")
        assert told.headers["cache-control"] == "no-store"
        # Neither one that was changed, nor the operators', nor none at all.
        for wrong in (f"{bot[:-4]}AAAA", f"x{bot}", TOKEN, "refresh.x.1.y", "\N{SNOWMAN}", "x" * 9000):
            answer = await send(client, "/oauth/introspect", watch, token=wrong)
            assert (answer.status, answer.json) == (200, {"active": False})
        return told, await lines(client)

    told, audit = play(story)
    began = START_US // 1_000_000
    assert told.json == {
        "active": True, "scope": "customers:read", "client_id": "bot", "sub": "bot", "iss": "tieout",
        "aud": "tieout", "iat": began, "exp": began + LIFETIME_SECONDS, "token_type": "Bearer",
    }  # fmt: skip
    assert audit == []


@pytest.mark.parametrize("path", ["/oauth/introspect", "/oauth/revoke"])
def test_nobody_without_the_scope_asks_or_takes_back_anothers(path):
    async def story(client: Client):
        bot = await given(client, "bot")
        found = []
        for by in ("x", bot, await given(client, "watch" if path == "/oauth/revoke" else "guard")):
            found.append((await send(client, path, by, token=bot)).status)
        return found, await works(client, bot), await lines(client)

    statuses, still, audit = play(story)
    assert (statuses, still) == ([401, 403, 403], 200)
    other = "watch" if path == "/oauth/revoke" else "guard"
    assert [(who, outcome) for who, _, _, outcome in audit] == [
        ("unknown", "refused"), ("bot", "refused"), (other, "refused"),
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["/oauth/introspect", "/oauth/revoke"])
@pytest.mark.parametrize("raw", [b"", b"token=", b"token=a&token=b", b"\xff=1", b"{}", b"&" * 100])
def test_what_names_no_one_token_is_refused_in_the_words_of_oauth(path, raw):
    async def story(client: Client):
        answer = await client("POST", path, raw=raw, **FORM)
        return answer, await lines(client)

    answer, audit = play(story)
    assert (answer.status, answer.json["error"], audit) == (400, "invalid_request", [])


def test_a_service_takes_back_its_own_token_and_nobody_elses():
    async def story(client: Client):
        bot, other = await given(client, "bot"), await given(client, "other", SECRET[::-1])
        mine = {"client_id": "bot", "client_secret": SECRET}
        refused = await send(client, "/oauth/revoke", token=other, **mine)
        wrong = await send(client, "/oauth/revoke", token=bot, client_id="bot", client_secret="y" * 24)
        nobody = await send(client, "/oauth/revoke", token=bot, client_id="bot")
        assert await works(client, bot) == await works(client, other) == 200
        done = await send(client, "/oauth/revoke", token=bot, **mine)
        again = await send(client, "/oauth/revoke", token=bot, **mine)
        unknown = await send(client, "/oauth/revoke", token="none of ours", **mine)
        after = await works(client, bot), await works(client, other)
        worth = await send(client, "/oauth/introspect", TOKEN, token=bot)
        trail = await client.office.store.audited(0, 99)
        assert verify(trail)[1] is None
        answers = refused, wrong, nobody, done, again, unknown
        return [a.status for a in answers], refused.json["error"], after, worth.json, await lines(client), bot

    statuses, error, after, worth, audit, bot = play(story)
    assert statuses == [400, 401, 401, 200, 200, 200]
    assert (error, after, worth) == ("invalid_grant", (401, 200), {"active": False})
    assert audit == [
        ("bot", "take back", "token", "refused"),
        ("unknown", "sign in", "account bot", "refused"),
        ("unknown", "sign in", "account bot", "refused"),
        ("bot", "take back", "token of bot", "asked"),
        ("bot", "take back", "token of bot", "done"),
        ("unknown", "GET", "/v1/customers/acme", "refused"),
    ]
    assert bot.split(".")[2] not in str(audit)


def test_who_may_take_back_ends_a_service_s_token_at_once_and_never_the_operators():
    async def story(client: Client):
        bot, guard = await given(client, "bot"), await given(client, "guard")
        answers = [(await send(client, "/oauth/revoke", guard, token=each)).status for each in (bot, TOKEN)]
        return answers, await works(client, bot), await works(client, TOKEN), (await lines(client))[:2]

    answers, after, operators, audit = play(story)
    assert (answers, after, operators) == ([200, 200], 401, 200)
    assert audit == [
        ("guard", "take back", "token of bot", "asked"),
        ("guard", "take back", "token of bot", "done"),
    ]


def test_of_a_person_the_access_and_the_latest_refresh_token_hold_until_the_session_is_taken_back():
    async def story(client: Client):
        first = (await redeem(client, (await sign_in(client))["code"])).json
        turned = await send(
            client, "/oauth/token", grant_type="refresh_token", client_id="desk",
            refresh_token=first["refresh_token"],
        )  # fmt: skip
        tokens = (first["access_token"], first["refresh_token"], turned.json["refresh_token"])
        before = [(await send(client, "/oauth/introspect", TOKEN, token=each)).json for each in tokens]
        taken = await send(client, "/oauth/revoke", TOKEN, token=turned.json["refresh_token"])
        after = [(await send(client, "/oauth/introspect", TOKEN, token=each)).json for each in tokens]
        return before, taken.status, after, await lines(client)

    before, taken, after, audit = with_people(story)
    assert [each["active"] for each in before] == [True, False, True]
    assert before[0].items() >= {"username": "ann", "client_id": "desk", "token_type": "Bearer"}.items()
    assert before[2]["exp"] > before[0]["exp"]
    assert "token_type" not in before[2]
    assert (taken, after) == (200, [{"active": False}] * 3)
    assert audit[-1] == ("operator", "take back", "token of ann", "done")
