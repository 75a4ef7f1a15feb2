"""Signing in: OAuth 2.0 machine to machine and by authorization code, revocation, permissions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from scenarios.sandboxes import Sandboxes
from tests.conformance.netsuite_lab import Raw, refused

NOW = int(datetime.now(UTC).timestamp())
BACK = "https://client.test/back"


@pytest.mark.parametrize("algorithm", ["ES256", "PS256", "PS384", "PS512"])
def test_machine_to_machine(lab: Sandboxes, algorithm: str) -> None:
    raw = Raw(lab, algorithm)
    assert raw.answer.json()["token_type"] == "bearer"
    assert raw.answer.json()["expires_in"] == "3600"
    assert raw.get("subsidiary/1")["name"]


@pytest.mark.parametrize(
    ("wrong", "status", "error"),
    [
        ({"kid": "unknown"}, 401, "invalid_client"),
        ({"iss": "unknown"}, 401, "invalid_client"),
        ({"aud": "https://elsewhere.test/token"}, 400, "invalid_grant"),
        ({"exp": NOW + 7300}, 400, "invalid_grant"),
        ({"iat": NOW - 4000, "exp": NOW - 500}, 400, "invalid_grant"),
        ({"scope": ["everything"]}, 400, "invalid_scope"),
        ({"scope": []}, 400, "invalid_scope"),
    ],
)
def test_wrong_assertions(lab: Sandboxes, wrong: dict[str, Any], status: int, error: str) -> None:
    answer = Raw(lab, **wrong).answer
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_token_for_restlets_does_not_open_web_services(lab: Sandboxes) -> None:
    raw = Raw(lab, scope=["restlets"])
    assert raw.answer.status_code == 200
    assert refused(raw.call("GET", "subsidiary/1"))[:2] == (401, "INVALID_LOGIN")


def test_wrong_grants(lab: Sandboxes) -> None:
    raw = Raw(lab)
    for form in ({"grant_type": "password"}, {}, {"grant_type": "client_credentials"}):
        assert raw.http.post(raw.known["token_path"], data=form).json() == {"error": "invalid_request"}


def test_without_credentials(lab: Sandboxes) -> None:
    raw = Raw(lab)
    for header in (
        {"authorization": ""},
        {"authorization": "Bearer nonsense"},
        {"authorization": "Basic eDp5"},
    ):
        answer = raw.call("GET", "subsidiary/1", headers=header)
        assert refused(answer)[:2] == (401, "INVALID_LOGIN")
        assert 'Bearer realm="' in answer.headers["www-authenticate"]
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_tokens_expire(lab: Sandboxes) -> None:
    raw = Raw(lab)
    lab.control("netsuite", "POST", "clock", {"advance": 3601 * 1_000_000})
    assert refused(raw.call("GET", "subsidiary/1"))[1] == "INVALID_LOGIN"
    assert raw.token().status_code == 200


def consent(raw: Raw, **changed: str) -> dict[str, list[str]]:
    args = {
        "response_type": "code", "client_id": raw.known["client_id"], "redirect_uri": BACK, "state": "s-1",
        "scope": "rest_webservices", **changed,
    }  # fmt: skip
    answer = raw.http.get("/app/login/oauth2/authorize.nl", params=args)
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer.headers["location"]).query)


def test_authorization_code_refresh_and_revocation(lab: Sandboxes) -> None:
    raw = Raw(lab)
    given = consent(raw)
    assert (given["state"], given["company"]) == (["s-1"], [raw.known["account"]])
    client = (raw.known["client_id"], raw.known["client_secret"])
    form = {"grant_type": "authorization_code", "code": given["code"][0], "redirect_uri": BACK}
    path = raw.known["token_path"]
    assert raw.http.post(path, data=form, auth=(client[0], "wrong")).status_code == 401
    first = raw.http.post(path, data=form, auth=client).json()
    assert raw.http.post(path, data=form, auth=client).json() == {"error": "invalid_grant"}
    refresh = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = raw.http.post(path, data=refresh, auth=client).json()
    bearer = {"authorization": f"Bearer {second['access_token']}"}
    assert raw.call("GET", "subsidiary/1", headers=bearer).status_code == 200
    revoke = path.replace("/token", "/revoke")
    assert raw.http.post(revoke, data={"token": first["refresh_token"]}, auth=client).status_code == 200
    assert raw.http.post(path, data=refresh, auth=client).json() == {"error": "invalid_grant"}
    raw.http.post(revoke, data={"token": second["access_token"]}, auth=client)
    assert raw.call("GET", "subsidiary/1", headers=bearer).status_code == 401
    assert consent(raw, scope="nothing")["error"] == ["invalid_scope"]


def test_what_the_role_may_not(lab: Sandboxes) -> None:
    raw = Raw(lab)
    lab.control("netsuite", "POST", "disturb", {"kind": "permissions", "deny": ["journalEntry"]})
    assert refused(raw.call("GET", "journalEntry"))[:2] == (403, "INSUFFICIENT_PERMISSION")
    assert raw.call("GET", "invoice").status_code == 200
