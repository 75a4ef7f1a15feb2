"""Jobs and batches of the bulk interfaces as JSON objects."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class IngestWish(BaseModel):
    """POST /jobs/ingest."""

    model_config = ConfigDict(extra="forbid")
    operation: str
    object: str
    contentType: str = "CSV"
    columnDelimiter: str = "COMMA"
    lineEnding: str = "LF"
    externalIdFieldName: str = ""
    assignmentRuleId: str | None = None


class QueryWish(BaseModel):
    """POST /jobs/query."""

    model_config = ConfigDict(extra="forbid")
    operation: str = "query"
    query: str
    contentType: str = "CSV"
    columnDelimiter: str = "COMMA"
    lineEnding: str = "LF"


class StateWish(BaseModel):
    """PATCH of a job, POST of an older one."""

    model_config = ConfigDict(extra="forbid")
    state: str


class ClassicWish(BaseModel):
    """POST /services/async/{version}/job. concurrencyMode: a word, or its number."""

    model_config = ConfigDict(extra="allow")
    operation: str = ""
    object: str = ""
    contentType: str = "XML"
    concurrencyMode: str | int = "Parallel"
    externalIdFieldName: str | None = None
    state: str | None = None


def job(shown: Any, created: str, stamp: str, user: str) -> dict[str, Any]:
    """A job as it is answered when it was made or changed."""
    out = {
        "id": shown.id, "operation": shown.operation, "object": shown.object, "createdById": user,
        "createdDate": created, "systemModstamp": stamp, "state": shown.state,
    }  # fmt: skip
    if shown.external:
        out["externalIdFieldName"] = shown.external
    out |= {"concurrencyMode": "Parallel", "contentType": "CSV", "apiVersion": float(shown.version)}
    if shown.kind == "V2Ingest":
        out["contentUrl"] = f"services/data/v{shown.version}/jobs/ingest/{shown.id}/batches"
    return out | {"lineEnding": shown.ending, "columnDelimiter": shown.delimiter}


def job_info(shown: Any, created: str, stamp: str, user: str, took: int) -> dict[str, Any]:
    """A job with its progress."""
    out = job(shown, created, stamp, user)
    if shown.state != "Open":
        out.pop("contentUrl", None)
    out |= {"jobType": shown.kind, "numberRecordsProcessed": shown.processed, "retries": 0,
            "totalProcessingTime": took}  # fmt: skip
    if shown.kind == "V2Ingest":
        out |= {"numberRecordsFailed": shown.failed, "apiActiveProcessingTime": took, "apexProcessingTime": 0}
    if shown.error:
        out["errorMessage"] = shown.error
    return out


def classic_job(shown: Any, batches: list[Any], created: str, stamp: str, user: str) -> dict[str, Any]:
    """A job of the older interface."""
    states = [batch.state for batch in batches]
    return {
        "apexProcessingTime": 0, "apiActiveProcessingTime": 0, "apiVersion": float(shown.version),
        "assignmentRuleId": None, "concurrencyMode": shown.concurrency, "contentType": shown.content,
        "createdById": user, "createdDate": created, "externalIdFieldName": shown.external or None,
        "fastPathEnabled": False, "id": shown.id, "numberBatchesCompleted": states.count("Completed"),
        "numberBatchesFailed": states.count("Failed"), "numberBatchesInProgress": states.count("InProgress"),
        "numberBatchesQueued": states.count("Queued"), "numberBatchesTotal": len(states),
        "numberRecordsFailed": sum(batch.failed for batch in batches),
        "numberRecordsProcessed": sum(batch.processed for batch in batches), "numberRetries": 0,
        "object": shown.object, "operation": shown.operation, "state": shown.state, "systemModstamp": stamp,
        "totalProcessingTime": 0,
    }  # fmt: skip


def classic_batch(shown: Any, created: str, stamp: str) -> dict[str, Any]:
    """A batch of the older interface."""
    return {
        "apexProcessingTime": 0, "apiActiveProcessingTime": 0, "createdDate": created, "id": shown.id,
        "jobId": shown.job.id, "numberRecordsFailed": shown.failed, "numberRecordsProcessed": shown.processed,
        "state": shown.state, "stateMessage": shown.message or None, "systemModstamp": stamp,
        "totalProcessingTime": 0,
    }  # fmt: skip


def classic_result(shown: Any) -> dict[str, Any]:
    """What became of one row."""
    errors = [] if shown.success else [
        {"message": shown.message, "fields": list(shown.fields), "statusCode": shown.code,
         "extendedErrorDetails": None}
    ]  # fmt: skip
    return {"success": shown.success, "created": shown.created, "id": shown.id or None, "errors": errors}


def classic_error(code: str, message: str) -> dict[str, str]:
    """A refusal of the older interface."""
    return {"exceptionCode": code, "exceptionMessage": message}
