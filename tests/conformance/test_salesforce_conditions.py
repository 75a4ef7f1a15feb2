"""Conditional requests of simple-salesforce: what a reader has already, what a writer had seen."""

from __future__ import annotations

import pytest
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceGeneralError, SalesforceMalformedRequest

from scenarios.sandboxes import Sandboxes
from tests.conformance.salesforce_client import connect


def _read(sf: Salesforce, path: str, **headers: str) -> tuple[int, dict[str, str]]:
    answer = sf.session.get(
        f"{sf.base_url}{path}", headers={**sf.headers, **{n.replace("_", "-"): v for n, v in headers.items()}}
    )
    return answer.status_code, dict(answer.headers)


def test_an_account_is_written_only_as_it_was_read(lab: Sandboxes) -> None:
    sf = connect(lab)
    key = sf.Account.create({"Name": "Acme"})["id"]
    path = f"sobjects/Account/{key}"
    first = _read(sf, path)[1]["ETag"]
    assert _read(sf, path, If_None_Match=first)[0] == 304
    assert _read(sf, path, If_None_Match='"x", "y"')[0] == 200
    assert _read(sf, path, If_Match='"x"')[0] == 412
    # The tag that a compressed answer would have had names the same content.
    assert sf.Account.update(key, {"Phone": "1"}, headers={"If-Match": f'"x", {first[:-1]}-gzip"'}) == 204
    with pytest.raises(SalesforceGeneralError) as stale:
        sf.Account.update(key, {"Phone": "2"}, headers={"If-Match": first})
    assert stale.value.status == 412
    assert sf.Account.get(key)["Phone"] == "1"
    second = _read(sf, path)[1]["ETag"]
    assert second != first
    assert sf.Account.update(key, {"Phone": "2"}, headers={"If-Match": "*"}) == 204
    with pytest.raises(SalesforceGeneralError) as same:
        sf.Account.update(key, {"Phone": "3"}, headers={"If-None-Match": "*"})
    assert same.value.status == 412
    with pytest.raises(SalesforceMalformedRequest):
        sf.Account.update(key, {"Phone": "3"}, headers={"If-Match": "no tag"})


def test_other_objects_have_no_tags(lab: Sandboxes) -> None:
    sf = connect(lab)
    key = sf.Contact.create({"LastName": "Doe"})["id"]
    status, headers = _read(sf, f"sobjects/Contact/{key}", If_Match='"x"')
    assert status == 200
    assert "ETag" not in headers
    assert _read(sf, f"sobjects/Contact/{key}", If_Modified_Since=headers["Last-Modified"])[0] == 304


def test_descriptions_are_sent_again_only_when_something_was_defined(lab: Sandboxes) -> None:
    sf = connect(lab)
    lab.advance("1h")
    sf = connect(lab)
    since = "Fri, 31 Dec 2100 00:00:00 GMT"
    for path in ("sobjects", "sobjects/Account/describe"):
        assert _read(sf, path, If_Modified_Since=since)[0] == 304
        assert _read(sf, path, If_Modified_Since="Wed, 01 Jan 2020 00:00:00 GMT")[0] == 200
    key = sf.Account.create({"Name": "Acme"})["id"]
    now = _read(sf, f"sobjects/Account/{key}")[1]["Last-Modified"]
    assert _read(sf, "sobjects/Account/describe", If_Modified_Since=now)[0] == 304
    lab.advance("1h")
    sf = connect(lab)
    sf.toolingexecute(
        "sobjects/CustomField", "POST", {"FullName": "Account.Size__c", "Metadata": {"type": "Number"}}
    )
    assert _read(sf, "sobjects/Account/describe", If_Modified_Since=now)[0] == 200
