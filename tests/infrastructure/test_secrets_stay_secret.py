"""A running deployment is fed its own credentials where they do not belong; none is in what it wrote."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp

from scenarios.deploying import Wish, deployed
from simulators.serve import Plan

_NAMES = {"client_secret", "licence_key", "secret_key", "private_key_pem"}


def planted(file: Path) -> set[str]:
    plain = json.loads(file.read_text())
    found = {v for end in plain["endpoints"].values() for k, v in end.items() if k in _NAMES}
    found |= {plain["token"], *plain["secrets"].values()}
    return {line for value in found for line in value.splitlines() if len(line) >= 8 and "-----" not in line}


def test_no_credential_is_in_anything_that_was_written_or_answered(tmp_path):
    answers: list[str] = []

    async def main() -> None:
        async with (
            deployed(Wish(Plan(port_base=0), workers=1, data=tmp_path)) as up,
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
            for path in ("/v1/operations/counters", "/v1/operations/pending", "/v1/exceptions", "/metrics"):
                assert await ask("GET", path, up.lab.token) == 200

    asyncio.run(main())
    secrets = planted(tmp_path / "deployment.json")
    assert len(secrets) >= 8
    written = {
        p.name: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file() and p.name != "deployment.json"
    }
    assert {"api.log", "core.sqlite3"} <= set(written)
    # The log was kept, and has lines of what was refused.
    assert b'"what": "audit"' in written["api.log"]
    leaks = [(name, s[:4]) for name, text in written.items() for s in secrets if s.encode() in text]
    leaks += [("answer", s[:4]) for text in answers for s in secrets if s in text]
    assert leaks == []
