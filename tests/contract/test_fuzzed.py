"""Schemathesis asks every mock, by its own document, for what nobody would: none answers with a 500."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from core.connectors.netsuite.signin import assertion
from scenarios.sandboxes import Sandboxes, sandboxes
from simulators.roster import VENDORS

# Calls to each operation.
_TRIES = 4


@pytest.fixture(scope="module")
def up() -> Any:
    with sandboxes(seed="fuzzed", options={"stripe": {"rate_per_second": 0}}) as running:
        running.run(0)
        yield running


def signed(up: Sandboxes, vendor: str) -> dict[str, str]:
    """The headers of a signed-in call."""
    own, url = up.credentials(vendor), up.url(vendor)
    if vendor == "stripe":
        return {"authorization": f"Bearer {own['secret_key']}"}
    if vendor == "avatax":
        pair = base64.b64encode(f"{own['account']}:{own['license_key']}".encode()).decode()
        return {"authorization": f"Basic {pair}"}
    form = {"client_id": own["client_id"], "client_secret": own.get("client_secret", "")}
    path = "/oauth/token"
    if vendor == "salesforce":
        form |= {"grant_type": "password", "username": own["username"], "password": own["password"]}
        path = "/services/oauth2/token"
    elif vendor == "zuora":
        form["grant_type"] = "client_credentials"
    else:
        path = own["token_path"]
        now = up.control(vendor, "GET", "clock")["now"] // 1_000_000
        claims = {
            "iss": own["client_id"], "scope": [own["scope"]], "iat": now, "exp": now + 3000,
            "aud": f"https://{own['account']}.suitetalk.api.netsuite.com{path}",
        }  # fmt: skip
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion(own["private_key_pem"], own["certificate_id"], claims),
        }
    answer = requests.post(
        url + path,
        urlencode(form),
        headers={"content-type": "application/x-www-form-urlencoded"},
        timeout=20,
    )
    return {"authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.mark.parametrize("vendor", VENDORS)
def test_nothing_makes_a_mock_fall_over(up: Sandboxes, vendor: str) -> None:
    schema = schemathesis.openapi.from_url(f"{up.url(vendor)}/openapi.json")
    headers = signed(up, vendor)
    session = requests.Session()
    fallen: list[str] = []
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path.startswith("/_tieout"):
            continue

        @given(case=operation.as_strategy(), data=st.data())
        @settings(
            max_examples=_TRIES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def ask(case: Any, data: Any) -> None:
            nonlocal tried
            answer = case.call(session=session, headers=headers, timeout=30)
            tried += 1
            # A SOAP fault has status 500 by the book of SOAP.
            if answer.status_code >= 500 and "<faultcode>" not in answer.text:
                fallen.append(
                    f"{case.method} {case.formatted_path}: {answer.status_code} {answer.text[:200]}"
                )

        try:
            ask()
        except Unsatisfiable:
            continue
    assert tried >= 2 * len(VENDORS[vendor].table), "hardly anything was tried"
    assert not fallen, f"{len(fallen)} of {tried}:\n" + "\n".join(fallen[:20])
