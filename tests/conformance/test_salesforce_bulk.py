"""Both bulk interfaces through simple-salesforce."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
import requests
from simple_salesforce import Salesforce
from simple_salesforce.bulk2 import ColumnDelimiter, LineEnding, Operation, _Bulk2Client
from simple_salesforce.exceptions import SalesforceMalformedRequest, SalesforceOperationError

from scenarios.sandboxes import Sandboxes
from tests.conformance.salesforce_client import advance, connect

WAIT = 0.05


def _client(sf: Salesforce, name: str = "Account") -> _Bulk2Client:
    return _Bulk2Client(name, sf.bulk2_url, sf.bulk2.headers, sf.session)


def _csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_rows_are_loaded_some_refused(lab: Sandboxes) -> None:
    sf = connect(lab)
    rows = [{"Name": "A", "External_Id__c": "1"}, {"Name": "", "External_Id__c": "2"},
            {"Name": "C", "External_Id__c": "1"}]  # fmt: skip
    (done,) = sf.bulk2.Account.insert(records=rows, wait=WAIT)
    assert (done["numberRecordsProcessed"], done["numberRecordsFailed"]) == (3, 2)
    good = _csv(sf.bulk2.Account.get_successful_records(done["job_id"]))
    assert [(row["Name"], row["sf__Created"]) for row in good] == [("A", "true")]
    assert good[0]["sf__Id"].startswith("001")
    bad = _csv(sf.bulk2.Account.get_failed_records(done["job_id"]))
    assert bad[0]["sf__Error"].startswith(
        "REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --"
    )
    assert bad[1]["sf__Error"].startswith("DUPLICATE_VALUE:duplicate value found")
    assert sf.bulk2.Account.get_unprocessed_records(done["job_id"]).count("\n") == 1


def test_upsert_update_delete_and_hard_delete(lab: Sandboxes) -> None:
    sf = connect(lab)
    rows = [{"Name": "A", "External_Id__c": "1"}, {"Name": "B", "External_Id__c": "2"}]
    (done,) = sf.bulk2.Account.upsert(records=rows, external_id_field="External_Id__c", wait=WAIT)
    assert done["numberRecordsFailed"] == 0
    rows[0]["Name"] = "A2"
    (done,) = sf.bulk2.Account.upsert(records=rows, external_id_field="External_Id__c", wait=WAIT)
    good = _csv(sf.bulk2.Account.get_successful_records(done["job_id"]))
    assert {row["sf__Created"] for row in good} == {"false"}
    keys = [row["Id"] for row in sf.query("SELECT Id FROM Account ORDER BY Name")["records"]]
    sf.bulk2.Account.update(records=[{"Id": keys[0], "Industry": "Banking"}], wait=WAIT)
    sf.bulk2.Account.update(records=[{"Id": keys[0], "Phone": "#N/A", "Industry": ""}], wait=WAIT)
    assert sf.Account.get(keys[0])["Industry"] == "Banking"
    contact = {"LastName": "Doe", "Account.External_Id__c": "2"}
    sf.bulk2.Contact.insert(records=[contact], wait=WAIT)
    assert sf.query("SELECT Account.Name FROM Contact")["records"][0]["Account"]["Name"] == "B"
    sf.bulk2.Account.delete(records=[{"Id": keys[0]}], wait=WAIT)
    sf.bulk2.Account.hard_delete(records=[{"Id": keys[1]}], wait=WAIT)
    left = sf.query("SELECT Id FROM Account", include_deleted=True)["records"]
    assert [row["Id"] for row in left] == [keys[0]]


def test_states_of_a_job(lab: Sandboxes) -> None:
    sf = connect(lab)
    lab.run(0)
    client = _client(sf)
    job = client.create_job(
        Operation.insert, line_ending=LineEnding.CRLF, column_delimiter=ColumnDelimiter.PIPE
    )
    assert (job["state"], job["contentUrl"]) == (
        "Open",
        f"services/data/v59.0/jobs/ingest/{job['id']}/batches",
    )
    client.upload_job_data(job["id"], "Name|Phone\r\nA|1\r\n")
    assert client.close_job(job["id"])["state"] == "UploadComplete"
    with pytest.raises(SalesforceMalformedRequest):
        client.upload_job_data(job["id"], "Name|Phone\r\n")
    assert client.get_job(job["id"], False)["state"] == "UploadComplete"
    advance(lab, 0.15)
    assert client.get_job(job["id"], False)["state"] == "InProgress"
    advance(lab, 1)
    info = client.get_job(job["id"], False)
    assert (info["state"], info["numberRecordsProcessed"], info["jobType"]) == ("JobComplete", 1, "V2Ingest")
    assert sf.restful("jobs/ingest")["records"][0]["id"] == job["id"]
    with pytest.raises(SalesforceMalformedRequest):
        client.abort_job(job["id"], False)
    url = f"https://{sf.sf_instance}/services/data/v59.0/jobs/ingest/{job['id']}"
    assert sf.session.delete(url, headers=sf.headers).status_code == 204
    aborted = client.create_job(Operation.insert)
    assert client.abort_job(aborted["id"], False)["state"] == "Aborted"
    lab.run(1)


def test_jobs_that_make_no_sense(lab: Sandboxes) -> None:
    sf = connect(lab)
    for name, more in (("Nothing", {}), ("Account", {"external_id_field": "Industry"})):
        with pytest.raises(SalesforceMalformedRequest) as refused:
            _client(sf, name).create_job(Operation.upsert if more else Operation.insert, **more)
        assert refused.value.content[0]["errorCode"] == "INVALIDJOB"
    with pytest.raises(SalesforceOperationError, match="InvalidBatch : Field name not found : Colour"):
        sf.bulk2.Account.insert(records=[{"Name": "A", "Colour": "red"}], wait=WAIT)
    with pytest.raises(SalesforceMalformedRequest) as refused:
        list(sf.bulk2.Account.query("SELECT Colour FROM Account", wait=WAIT))
    assert refused.value.content[0]["errorCode"] == "INVALID_FIELD"


def test_query_jobs_are_paged(lab: Sandboxes) -> None:
    sf = connect(lab)
    rows = [{"Name": f"{i:03d}", "IsActive": "true"} for i in range(25)]
    sf.bulk2.Product2.insert(records=rows, wait=WAIT)
    pages = list(
        sf.bulk2.Product2.query("SELECT Name, IsActive, Owner.Name FROM Product2", max_records=10, wait=WAIT)
    )
    tables = [_csv(str(page)) for page in pages]
    assert [len(table) for table in tables] == [10, 10, 5]
    assert tables[2][4] == {"Name": "024", "IsActive": "true", "Owner.Name": "Admin"}


def test_the_older_interface(lab: Sandboxes) -> None:
    sf = connect(lab)

    def run(act: str, kind: str, rows: list[dict[str, Any]], **more: Any) -> list[Any]:
        # The SDK waits five seconds between looks; the batch is done before its first one.
        lab.control("salesforce", "POST", "clock", {"run": 100})
        found = getattr(getattr(sf.bulk, kind), act)(rows, **more)
        lab.control("salesforce", "POST", "clock", {"run": 1})
        return list(found)

    made = run("insert", "Account", [{"Name": "A", "External_Id__c": "1"}, {"Phone": "1"}])
    assert [row["success"] for row in made] == [True, False]
    assert made[0]["created"] is True
    assert made[1]["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    done = run(
        "upsert", "Account", [{"Name": "A2", "External_Id__c": "1"}], external_id_field="External_Id__c"
    )
    assert (done[0]["created"], done[0]["id"]) == (False, made[0]["id"])
    found = run("query", "Account", "SELECT Id, Name, Owner.Name FROM Account")  # type: ignore[arg-type]
    assert (found[0]["Name"], found[0]["Owner"]["Name"]) == ("A2", "Admin")
    assert run("delete", "Account", [{"Id": made[0]["id"]}])[0]["success"] is True
    assert run("query", "Account", "SELECT Id FROM Account") == []  # type: ignore[arg-type]
    assert len(run("query_all", "Account", "SELECT Id FROM Account")) == 1  # type: ignore[arg-type]
    refused = requests.post(f"{lab.url('salesforce')}/services/async/59.0/job", json={}, timeout=20)
    assert refused.json()["exceptionCode"] == "InvalidSessionId"


def _job(sf: Salesforce, **wish: str) -> Any:
    return sf.session.post(
        f"{sf.base_url}jobs/ingest", json={"object": "Account", **wish}, headers=sf.headers
    )


def test_rows_that_were_never_looked_at_and_rows_that_were_refused_keep_their_names(lab: Sandboxes) -> None:
    sf = connect(lab)
    stopped = _job(sf, operation="insert").json()["id"]
    path = f"{sf.base_url}jobs/ingest/{stopped}"
    csv_headers = {**sf.headers, "Content-Type": "text/csv"}
    sf.session.put(f"{path}/batches", data="Name,Phone\nA,1\nB,2\n", headers=csv_headers)
    sf.session.patch(path, json={"state": "Aborted"}, headers=sf.headers)
    rest = list(csv.DictReader(io.StringIO(sf.bulk2.Account.get_unprocessed_records(stopped))))
    assert rest == [{"Name": "A", "Phone": "1"}, {"Name": "B", "Phone": "2"}]
    key = sf.Account.create({"Name": "Acme"})["id"]
    (done,) = sf.bulk2.Account.update(records=[{"Id": key, "Name": "x" * 300}], wait=0.05)
    (refused,) = csv.DictReader(io.StringIO(sf.bulk2.Account.get_failed_records(done["job_id"])))
    assert (refused["sf__Id"], refused["sf__Error"][:15]) == (key, "STRING_TOO_LONG")


def test_a_small_job_is_one_multipart_call(lab: Sandboxes) -> None:
    sf = connect(lab)
    headers = {name: value for name, value in sf.headers.items() if name != "Content-Type"}
    files = {
        "job": (
            None,
            '{"object": "Account", "contentType": "CSV", "operation": "insert"}',
            "application/json",
        ),
        "content": ("content", 'Name\n"A\nB"\n', "text/csv"),
    }
    answer = sf.session.post(f"{sf.base_url}jobs/ingest", files=files, headers=headers)
    assert (answer.status_code, answer.json()["state"]) == (200, "UploadComplete")
    advance(lab, 5)
    lab.settle()
    assert [row["Name"] for row in sf.query("SELECT Name FROM Account")["records"]] == ["A\nB"]
    files.pop("content")
    assert sf.session.post(f"{sf.base_url}jobs/ingest", files=files, headers=headers).status_code == 400
