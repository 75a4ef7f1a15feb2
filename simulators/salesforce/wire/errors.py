"""Refusals on the wire: an array of {message, errorCode, fields}, and the status that goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulators.salesforce.rules.duplicates import DuplicateRule

# Every code not named here is a 400.
STATUS = {
    "MULTIPLE_CHOICES": 300,
    "INVALID_SESSION_ID": 401,
    "REQUEST_LIMIT_EXCEEDED": 403,
    "NOT_FOUND": 404,
    "ENTITY_IS_DELETED": 404,
    "INVALID_CROSS_REFERENCE_KEY": 404,
    "METHOD_NOT_ALLOWED": 405,
    "UNSUPPORTED_API_VERSION": 410,
    "BATCH_PROCESSING_HALTED": 412,
    "PRECONDITION_FAILED": 412,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "UNKNOWN_EXCEPTION": 500,
    "SERVER_UNAVAILABLE": 503,
}
_BARE = frozenset(
    {
        "INVALID_SESSION_ID", "REQUEST_LIMIT_EXCEEDED", "NOT_FOUND", "METHOD_NOT_ALLOWED",
        "UNSUPPORTED_MEDIA_TYPE", "UNKNOWN_EXCEPTION", "SERVER_UNAVAILABLE", "PROCESSING_HALTED",
        "JSON_PARSER_ERROR", "MALFORMED_QUERY", "INVALID_TYPE", "INVALID_QUERY_LOCATOR",
        "BATCH_PROCESSING_HALTED", "MALFORMED_ID", "INVALID_FIELD", "MALFORMED_SEARCH",
        "INVALIDJOB", "INVALIDJOBSTATE", "INVALIDBATCH", "INVALIDENTITY", "FUNCTIONALITY_NOT_ENABLED",
        "EXCEEDED_ID_LIMIT",
        "UNSUPPORTED_API_VERSION", "INVALID_REPLICATION_DATE", "PRECONDITION_FAILED", "INVALID_HEADER_VALUE",
    }
)  # fmt: skip


def status_of(code: str, fields: Sequence[str] = ()) -> int:
    """HTTP status of a refusal. A reference field that points nowhere is 400, a path 404."""
    if fields and code in ("ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"):
        return 400
    return STATUS.get(code, 400)


def error_array(code: str, message: str, fields: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The body of a refused call; errors of the platform itself carry no list of fields."""
    error: dict[str, Any] = {"message": message, "errorCode": code}
    if fields or code not in _BARE:
        error["fields"] = list(fields)
    return [error]


def duplicates(rule: DuplicateRule, found: Sequence[str]) -> dict[str, Any]:
    """What a refused call tells of the records that are too like its own."""
    matches = [
        {"additionalInformation": [], "fieldDiffs": [], "matchConfidence": 100,
         "record": {"attributes": {"type": rule.entity}, "Id": each}}
        for each in found
    ]  # fmt: skip
    result = {
        "entityType": rule.entity, "errors": [], "matchEngine": "ExactMatchEngine", "matchRecords": matches,
        "rule": rule.name, "size": len(matches), "success": True,
    }  # fmt: skip
    return {
        "allowSave": rule.allow, "duplicateRule": rule.name, "duplicateRuleEntityType": rule.entity,
        "errorMessage": rule.alert, "matchResults": [result],
    }  # fmt: skip


def row_error(code: str, message: str, fields: Sequence[str] = ()) -> dict[str, Any]:
    """An error of one row of a collection."""
    return {"statusCode": code, "message": message, "fields": list(fields)}


LOCKED = ("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record or 1 records: ")
ROLLED_BACK = (
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using AllOrNone header",
)
HALTED = (
    "PROCESSING_HALTED",
    "The transaction was rolled back since another operation in the same transaction failed.",
)
BATCH_HALTED = ("BATCH_PROCESSING_HALTED", "Batch processing has been halted by an earlier failure.")
