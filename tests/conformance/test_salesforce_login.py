"""Ways to sign in with simple-salesforce, and what OAuth offers beside."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed, SalesforceExpiredSession

from scenarios.sandboxes import Sandboxes
from tests.conformance.salesforce_client import advance, connect, session


def test_password_with_a_connected_app(lab: Sandboxes) -> None:
    sf = connect(lab)
    assert sf.limits()["DailyApiRequests"]["Remaining"] > 0
    assert sf.is_sandbox() is True


def test_soap_with_a_security_token(lab: Sandboxes) -> None:
    secrets = lab.credentials("salesforce")
    sf = Salesforce(
        username=secrets["username"], password=secrets["password"], security_token=secrets["security_token"],
        session=session(lab),
    )  # fmt: skip
    assert sf.query("SELECT Id FROM User")["totalSize"] == 1
    sf = Salesforce(
        username=secrets["username"], password=secrets["password"], organizationId=secrets["organization_id"],
        session=session(lab), version="61.0",
    )  # fmt: skip
    assert sf.query("SELECT Id FROM Organization")["records"][0]["Id"] == secrets["organization_id"]
    with pytest.raises(SalesforceAuthenticationFailed) as refused:
        Salesforce(username=secrets["username"], password="no", security_token="x", session=session(lab))
    assert refused.value.code == "INVALID_LOGIN"
    assert "Invalid username, password, security token" in refused.value.auth_message


def test_client_credentials(lab: Sandboxes) -> None:
    secrets = lab.credentials("salesforce")
    own = {"consumer_key": secrets["client_id"], "consumer_secret": secrets["client_secret"]}
    sf = Salesforce(domain="acme.my", session=session(lab), **own)
    assert sf.query("SELECT Id FROM User")["totalSize"] == 1
    with pytest.raises(SalesforceAuthenticationFailed) as refused:
        Salesforce(
            domain="acme.my", session=session(lab), consumer_key=own["consumer_key"], consumer_secret="x"
        )
    assert refused.value.code == "invalid_client"


def test_jwt_bearer(lab: Sandboxes) -> None:
    secrets = lab.credentials("salesforce")
    own = {"consumer_key": secrets["client_id"], "privatekey": secrets["private_key_pem"]}
    sf = Salesforce(username=secrets["username"], session=session(lab), **own)
    assert sf.query("SELECT Id FROM User")["totalSize"] == 1
    with pytest.raises(SalesforceAuthenticationFailed) as refused:
        Salesforce(username="nobody@x.test", session=session(lab), **own)
    assert refused.value.code == "invalid_grant"


def test_a_client_lives_in_its_own_time(lab: Sandboxes) -> None:
    lab.advance("60d")
    secrets = lab.credentials("salesforce")
    own = {"consumer_key": secrets["client_id"], "privatekey": secrets["private_key_pem"]}
    sf = Salesforce(username=secrets["username"], session=session(lab), **own)
    assert sf.query("SELECT Id FROM User")["totalSize"] == 1


def test_a_session_that_ended_is_taken_up_anew(lab: Sandboxes) -> None:
    sf = connect(lab)
    old = sf.session_id
    lab.control("salesforce", "POST", "disturb", {"kind": "expire_tokens"})
    assert sf.query("SELECT Id FROM User")["totalSize"] == 1
    assert sf.session_id != old
    direct = Salesforce(session_id="00Dx!nonsense", instance_url="https://sandbox", session=session(lab))
    with pytest.raises(SalesforceExpiredSession) as expired:
        direct.query("SELECT Id FROM User")
    assert expired.value.content[0]["errorCode"] == "INVALID_SESSION_ID"


def _post(lab: Sandboxes, path: str, **form: str) -> requests.Response:
    return requests.post(f"{lab.url('salesforce')}/services/oauth2/{path}", data=form, timeout=20)


def test_the_web_server_flow_with_pkce_and_refresh(lab: Sandboxes) -> None:
    secrets = lab.credentials("salesforce")
    verifier = "v" * 50
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    wish = {
        "response_type": "code", "client_id": secrets["client_id"], "redirect_uri": secrets["redirect_uri"],
        "state": "xyz", "scope": "api refresh_token", "code_challenge": challenge,
    }  # fmt: skip
    base = lab.url("salesforce")
    away = requests.get(f"{base}/services/oauth2/authorize", params=wish, allow_redirects=False, timeout=20)
    assert away.status_code == 302
    assert away.headers["Location"].startswith(secrets["redirect_uri"])
    told = parse_qs(urlsplit(away.headers["Location"]).query)
    assert told["state"] == ["xyz"]
    app = {"client_id": secrets["client_id"], "client_secret": secrets["client_secret"]}
    form = {
        "grant_type": "authorization_code", "code": told["code"][0], "redirect_uri": secrets["redirect_uri"],
        "code_verifier": verifier, **app,
    }  # fmt: skip
    granted = _post(lab, "token", **form).json()
    again = _post(lab, "token", **form)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    fresh = _post(
        lab, "token", grant_type="refresh_token", refresh_token=granted["refresh_token"], **app
    ).json()
    assert fresh["access_token"] != granted["access_token"]
    assert fresh["refresh_token"] != granted["refresh_token"]
    active = _post(
        lab, "introspect", token=fresh["access_token"], token_type_hint="access_token", **app
    ).json()
    assert (active["active"], active["client_id"]) == (True, secrets["client_id"])
    assert active["exp"] > active["iat"]
    assert _post(lab, "revoke", token=fresh["refresh_token"]).status_code == 200
    assert _post(lab, "introspect", token=fresh["access_token"], **app).json() == {"active": False}
    dead = _post(lab, "token", grant_type="refresh_token", refresh_token=fresh["refresh_token"], **app)
    assert dead.json() == {"error": "invalid_grant", "error_description": "expired access/refresh token"}
    assert _post(lab, "revoke", token="nonsense").json()["error"] == "invalid_token"


def test_who_is_signed_in(lab: Sandboxes) -> None:
    secrets = lab.credentials("salesforce")
    form = {n: secrets[n] for n in ("client_id", "client_secret", "username", "password")}
    granted = _post(lab, "token", grant_type="password", **form).json()
    who = requests.get(
        granted["id"], headers={"Authorization": f"Bearer {granted['access_token']}"}, timeout=20
    )
    assert who.json()["username"] == secrets["username"]
    assert who.json()["urls"]["rest"].endswith("/services/data/v{version}/")
    info = _post(lab, "userinfo", access_token=granted["access_token"]).json()
    assert info["user_id"] == secrets["user_id"]
    lost = requests.get(granted["id"], timeout=20)
    assert (lost.status_code, lost.text) == (403, "Missing_OAuth_Token")


def test_a_session_lives_two_hours(lab: Sandboxes) -> None:
    sf = connect(lab)
    direct = Salesforce(session_id=sf.session_id, instance_url="https://sandbox", session=session(lab))
    advance(lab, 7100)
    assert direct.limits()
    advance(lab, 200)
    with pytest.raises(SalesforceExpiredSession):
        direct.limits()


def test_a_refresh_token_is_good_for_one_use_unless_the_app_is_set_otherwise(lab: Sandboxes) -> None:
    secrets = lab.credentials("salesforce")
    app = {"client_id": secrets["client_id"], "client_secret": secrets["client_secret"]}

    def refreshed(token: str) -> dict[str, str]:
        answer: dict[str, str] = _post(
            lab, "token", grant_type="refresh_token", refresh_token=token, **app
        ).json()
        return answer

    first = secrets["refresh_token"]
    second = refreshed(first)
    assert second["refresh_token"] != first
    assert refreshed(first)["error"] == "invalid_grant"
    # The reuse ends all that came of it: the thief's and the owner's.
    assert refreshed(second["refresh_token"])["error"] == "invalid_grant"
    lost = _post(lab, "introspect", token=second["access_token"], **app)
    assert lost.json() == {"active": False}
    lab.open("salesforce", rotate_refresh=0)
    answers = [refreshed(lab.credentials("salesforce")["refresh_token"]) for _ in range(2)]
    assert all("access_token" in each and "refresh_token" not in each for each in answers)
