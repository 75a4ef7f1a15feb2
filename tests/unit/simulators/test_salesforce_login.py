"""Sign-in, sessions, the daily quota, and faults in the vendor's words."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from simulators.kit.chaos import TROUBLES, Arm
from simulators.kit.clock import DAY, SECOND
from simulators.kit.table import Call
from simulators.salesforce.routes.table import VENDOR
from simulators.salesforce.rules.signin import CLIENT_ID, CLIENT_SECRET, USERNAME

from .salesforce_client import ROOT, Crm


def test_password_flow_gives_a_token_reply_that_can_be_checked() -> None:
    crm = Crm()
    reply = crm.sign_in().json
    assert set(reply) == {
        "access_token", "signature", "scope", "instance_url", "id", "token_type", "issued_at",
        "api_instance_url",
    }  # fmt: skip
    assert reply["token_type"] == "Bearer"
    assert reply["instance_url"] == "https://crm.test"
    assert reply["issued_at"] == str(crm.clock.time // 1000)
    mac = hmac.new(CLIENT_SECRET.encode(), (reply["id"] + reply["issued_at"]).encode(), hashlib.sha256)
    assert reply["signature"] == base64.b64encode(mac.digest()).decode()
    assert crm.call("GET", "/limits").status == 200


def test_client_credentials_in_body_or_basic_header() -> None:
    crm = Crm()
    body = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    assert crm.sign_in(grant_type="client_credentials", **body).status == 200
    basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    answer = crm.send(
        "POST",
        "/services/oauth2/token/",
        b"grant_type=client_credentials",
        {"authorization": f"Basic {basic}"},
    )
    assert answer.status == 200
    assert "sforce-limit-info" in answer.headers


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"grant_type": "magic"}, "unsupported_grant_type"),
        ({"client_id": "nobody"}, "invalid_client_id"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"username": "someone@else.test"}, "invalid_grant"),
        ({"password": "wrong"}, "invalid_grant"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "x"}, "invalid_grant"),
    ],
)
def test_wrong_sign_in(wrong: dict[str, str], error: str) -> None:
    crm = Crm()
    right = {n: crm.secrets[n] for n in ("client_id", "client_secret", "username", "password")}
    answer = crm.sign_in(**{"grant_type": "password", **right, **wrong})
    assert answer.status == 400
    assert answer.json["error"] == error
    assert answer.json["error_description"]


def test_jwt_bearer_with_an_uploaded_certificate() -> None:
    crm = Crm()
    key = RSAKey.generate_key(2048)
    VENDOR.disturb(crm.org, "trust_certificate", {"public_key": key.as_pem(private=False).decode()})
    now = crm.clock.time // SECOND

    def ask(**changed: object) -> str:
        claims = {
            "iss": CLIENT_ID, "sub": USERNAME, "aud": "https://login.salesforce.com", "exp": str(now + 180),
            **changed,
        }  # fmt: skip
        signed = jwt.encode({"alg": "RS256"}, claims, key)
        kind = "urn:ietf:params:oauth:grant-type:jwt-bearer"
        answer = crm.sign_in(grant_type=kind, assertion=signed)
        return str(answer.json.get("error", "")) if answer.status != 200 else "granted"

    assert ask() == "granted"
    assert ask(aud="https://crm.test") == "granted"
    assert ask(exp=str(now)) == "invalid_grant"
    assert ask(aud="https://else.test") == "invalid_grant"
    assert ask(sub="x@y.test") == "invalid_grant"
    assert ask(iss="x") == "invalid_client_id"
    key = RSAKey.generate_key(2048)
    assert ask() == "invalid_grant"


def test_a_session_ends_after_its_life() -> None:
    crm = Crm(token_seconds=60)
    crm.sign_in()
    crm.clock.time += 59 * SECOND
    assert crm.call("GET", "/limits").status == 200
    crm.clock.time += SECOND
    answer = crm.call("GET", "/limits")
    assert (answer.status, answer.code) == (401, "INVALID_SESSION_ID")
    assert answer.json == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


def test_tokens_may_be_expired_and_no_other_disturbance_exists() -> None:
    crm = Crm()
    crm.sign_in()
    VENDOR.disturb(crm.org, "expire_tokens", {})
    assert crm.call("GET", "/limits").code == "INVALID_SESSION_ID"
    with pytest.raises(ValueError, match="expire_tokens"):
        VENDOR.disturb(crm.org, "earthquake", {})


def test_no_or_another_authorization_is_refused_and_oauth_is_an_older_word_for_bearer() -> None:
    crm = Crm()
    crm.sign_in()
    assert crm.send("GET", f"{ROOT}/limits").status == 401
    assert crm.send("GET", f"{ROOT}/limits", headers={"authorization": "Bearer x"}).status == 401
    assert crm.send("GET", f"{ROOT}/limits", headers={"authorization": f"OAuth {crm.token}"}).status == 200


def test_the_daily_quota_rolls_over_24_hours() -> None:
    crm = Crm(daily_requests=3)
    used = [crm.call("GET", "/limits").headers["sforce-limit-info"] for _ in range(3)]
    assert used == ["api-usage=1/3", "api-usage=2/3", "api-usage=3/3"]
    answer = crm.call("GET", "/limits")
    assert (answer.status, answer.code) == (403, "REQUEST_LIMIT_EXCEEDED")
    assert answer.json[0]["message"] == "TotalRequests Limit exceeded."
    assert answer.headers["sforce-limit-info"] == "api-usage=3/3"
    crm.clock.time += DAY
    crm.sign_in()
    assert crm.call("GET", "/limits").json["DailyApiRequests"] == {"Max": 3, "Remaining": 2}


def test_versions_resources_and_unknown_paths() -> None:
    crm = Crm()
    assert {"version": "62.0", "label": "Winter '25", "url": "/services/data/v62.0"} in crm.send(
        "GET", "/services/data/"
    ).json
    assert crm.call("GET", "").json["query"] == f"{ROOT}/query"
    assert crm.call("GET", "/services/data/v45.0/limits/").status == 200
    assert crm.call("GET", "/services/data/v99.0/limits/").code == "NOT_FOUND"
    old = crm.call("GET", "/services/data/v20.0/limits/")
    assert (old.status, old.code) == (410, "UNSUPPORTED_API_VERSION")
    assert crm.call("GET", "/services/data/latest/limits").code == "NOT_FOUND"
    assert crm.call("GET", "/nowhere").code == "NOT_FOUND"
    wrong = crm.call("PUT", "/limits")
    assert (wrong.status, wrong.code) == (405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("throttled", 403, "REQUEST_LIMIT_EXCEEDED"),
        ("token_expired", 401, "INVALID_SESSION_ID"),
        ("unavailable", 503, "SERVER_UNAVAILABLE"),
        ("server_error", 500, "UNKNOWN_EXCEPTION"),
    ],
)
def test_faults_in_the_vendors_words(kind: str, status: int, code: str) -> None:
    crm = Crm()
    crm.mock.armed.waiting.append(Arm(kind, "create"))
    answer = crm.call("POST", "/sobjects/Account", {"Name": "Acme"})
    assert (answer.status, answer.code) == (status, code)
    assert crm.ids("SELECT Id, Name FROM Account") == []


def test_an_error_inside_a_success_is_a_locked_row_and_only_composite_calls_have_it() -> None:
    crm = Crm()
    crm.sign_in()
    rows = {"records": [{"attributes": {"type": "Account"}, "Name": "A"}] * 2}
    crm.mock.armed.waiting.append(Arm("error_in_ok"))
    answer = crm.call("POST", "/composite/sobjects", rows)
    assert answer.status == 200
    assert [row["errors"][0]["statusCode"] for row in answer.json] == ["UNABLE_TO_LOCK_ROW"] * 2
    crm.mock.armed.waiting.append(Arm("error_in_ok"))
    part = {"method": "GET", "url": f"{ROOT}/limits", "referenceId": "a"}
    answer = crm.call("POST", "/composite", {"compositeRequest": [part]})
    assert answer.json["compositeResponse"][0]["httpStatusCode"] == 400
    assert answer.json["compositeResponse"][0]["body"][0]["errorCode"] == "UNABLE_TO_LOCK_ROW"
    crm.mock.armed.waiting.append(Arm("error_in_ok"))
    answer = crm.call(
        "POST", "/composite/batch", {"batchRequests": [{"method": "GET", "url": "v62.0/limits"}]}
    )
    assert answer.json["hasErrors"] is True
    crm.mock.armed.waiting.append(Arm("error_in_ok"))
    answer = crm.call("DELETE", "/composite/sobjects?ids=001,002")
    assert len(answer.json) == 2
    crm.mock.armed.waiting.append(Arm("error_in_ok"))
    assert crm.call("POST", "/sobjects/Account", {"Name": "Acme"}).status == 201


def test_every_trouble_has_an_answer_or_none() -> None:
    org = Crm().org
    for path in ("/services/oauth2/token", f"{ROOT}/composite", f"{ROOT}/limits"):
        for kind in TROUBLES:
            reply = VENDOR.trouble(org, kind, Call("POST", path, body=b"{"))
            mentions = dict(reply.headers).get("Sforce-Limit-Info", "") if reply else ""
            if kind == "throttled" and path.startswith(ROOT):
                assert mentions == f"api-usage={org.quota.limit}/{org.quota.limit}"
            assert reply is None or reply.status in (400, 401, 403, 404, 405, 500, 503)


def test_which_calls_can_hide_an_error_in_a_200() -> None:
    """Composite calls; that it takes their bodies to word it is no reason to say that there is none."""
    mock = Crm().mock
    assert mock.can("error_in_ok", "*")
    assert mock.can("error_in_ok", "composite")
    assert not mock.can("error_in_ok", "describe")
    assert not mock.can("token_expired", "token")
