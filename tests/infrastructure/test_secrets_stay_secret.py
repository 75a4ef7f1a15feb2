"""A running deployment is fed its own credentials where they do not belong; none is in what it wrote."""

from __future__ import annotations

import asyncio
import json
import re
import stat
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp

from core.governance.people import hashed
from core.governance.sessions import challenge_of
from scenarios.deploying import Wish, deployed
from simulators.serve import Plan

PASSWORD, VERIFIER = "correct horse battery", "verifier-" * 6
BACK, FORM = "http://127.0.0.1:8765/callback", "application/x-www-form-urlencoded"
# What processes are told, and what is kept from one start to the next.
KEPT_IN = ("deployment.json", "secrets.json")
_NAMES = {"client_secret", "licence_key", "secret_key", "private_key_pem"}


def planted(file: Path) -> set[str]:
    plain = json.loads(file.read_text())
    found = {v for end in plain["endpoints"].values() for k, v in end.items() if k in _NAMES}
    found |= {plain["token"], *plain["secrets"].values()}
    return {line for value in found for line in value.splitlines() if len(line) >= 8 and "-----" not in line}


def admitted(folder: Path) -> Path:
    """Ann may come in, with a program."""
    word = hashed(PASSWORD, b"0123456789abcdef", cost=14, parallel=1)
    access = {
        "people": [{"name": "ann", "scopes": ["exceptions:read"], "password": word}],
        "clients": [{"name": "desk", "redirects": [BACK]}],
    }
    file = folder / "access.json"
    file.write_text(json.dumps(access))
    file.chmod(0o600)
    return file


async def form(session: aiohttp.ClientSession, url: str, cookie: str = "", **fields: str) -> tuple[Any, str]:
    headers = {"content-type": FORM, "cookie": cookie}
    async with session.post(url, headers=headers, data=urlencode(fields), allow_redirects=False) as got:
        return got, await got.text()


async def signed_in(session: aiohttp.ClientSession, core: str, answers: list[str]) -> list[str]:
    """Ann's words, from her password to her latest refresh token: each also sent where it does not belong.
    Only the answer that gives a word out may have it. Most lines of the audit log are only counted by then:
    tests/unit/core/api/test_people.py looks there."""
    asked = {
        "response_type": "code", "client_id": "desk", "redirect_uri": BACK, "state": "s",
        "code_challenge": challenge_of(VERIFIER), "code_challenge_method": "S256",
    }  # fmt: skip
    authorize, token = f"{core}/oauth/authorize", f"{core}/oauth/token"
    gone = None
    # The password in the field of the name is the slip that people make.
    for name, word in ((PASSWORD, "x"), ("ann", PASSWORD + "x"), ("ann", PASSWORD)):
        async with session.get(f"{authorize}?{urlencode(asked)}") as page:
            cookie, html = page.headers["set-cookie"].partition(";")[0], await page.text()
        hidden = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', html)
        fields = {unescape(n): unescape(v) for n, v in hidden}
        gone, text = await form(session, authorize, cookie, **fields, name=name, password=word)
        answers.append(text)
    assert gone is not None
    assert gone.status == 303
    code = parse_qs(urlsplit(gone.headers["location"]).query)["code"][0]
    own = {"client_id": "desk", "redirect_uri": BACK, "code_verifier": VERIFIER}
    words = [PASSWORD, VERIFIER, code]
    first = {"grant_type": "authorization_code", **own, "code": code}
    for _ in range(2):
        got, text = await form(session, token, **first)
        assert got.status == 200, text
        issued = json.loads(text)
        words += [issued["access_token"], issued["refresh_token"]]
        first = {"grant_type": "refresh_token", "client_id": "desk", "refresh_token": issued["refresh_token"]}
    for word in words:
        for wrong in (
            {"grant_type": "authorization_code", **own, "code": word + "x"},
            {"grant_type": "refresh_token", "client_id": word, "refresh_token": word},
            {"client_id": word, "token": "x"},
        ):
            got, text = await form(session, token, **wrong)
            assert got.status >= 400, text
            answers.append(text)
        async with session.get(f"{authorize}?{urlencode(asked | {'client_id': word})}") as page:
            answers.append(await page.text())
        headers = {"authorization": f"Bearer {word}x"}
        async with session.get(f"{core}/v1/exceptions", headers=headers) as refused:
            answers.append(await refused.text())
    return words


def test_no_credential_is_in_anything_that_was_written_or_answered(tmp_path, tmp_path_factory):
    answers: list[str] = []
    anns: list[str] = []
    access = admitted(tmp_path_factory.mktemp("access"))

    async def main() -> None:
        async with (
            deployed(Wish(Plan(port_base=0), workers=1, data=tmp_path, access=access)) as up,
            aiohttp.ClientSession() as session,
        ):
            secrets = sorted(planted(tmp_path / "deployment.json"))

            async def ask(method: str, path: str, token: str, **given: Any) -> int:
                headers = {"authorization": f"Bearer {token}", **given.pop("headers", {})}
                async with session.request(method, up.lab.core_url + path, headers=headers, **given) as got:
                    answers.append(await got.text() + str(dict(got.headers)))
                    return got.status

            for secret in secrets[:12]:
                await ask("GET", "/v1/exceptions", secret + "x")
                await ask("POST", "/webhooks/stripe", "x", data=json.dumps({"id": secret}))
                await ask("POST", "/webhooks/zuora", "x", data=secret)
                await ask("POST", "/oauth/token", "x", data={"client_id": secret, "client_secret": secret})
                said = {"reason": f"because of {secret}"}
                await ask("POST", "/v1/exceptions/999/release", up.lab.token, json=said)
            anns.extend(await signed_in(session, up.lab.core_url, answers))
            for path in ("/v1/operations/counters", "/v1/operations/pending", "/v1/exceptions", "/metrics"):
                assert await ask("GET", path, up.lab.token) == 200

    asyncio.run(main())
    secrets = planted(tmp_path / "deployment.json")
    assert len(secrets) >= 8
    # Access tokens of one second are one token.
    assert len(set(anns)) in (6, 7)
    secrets |= set(anns)
    # Where secrets are kept, only their owner reads.
    for name in KEPT_IN:
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    written = {p.name: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file() and p.name not in KEPT_IN}
    assert {"api.log", "core.sqlite3"} <= set(written)
    # The log was kept, and has lines of what was refused.
    assert b'"what": "audit"' in written["api.log"]
    leaks = [(name, s[:4]) for name, text in written.items() for s in secrets if s.encode() in text]
    leaks += [("answer", s[:4]) for text in answers for s in secrets if s in text]
    assert leaks == []
