"""What the AvaTax connector makes of answers."""

from __future__ import annotations

import json

import pytest

from core.canonical.errors import AlreadyThere, CoreError, Missing, Refused, Unavailable, Unclear
from core.connectors.avatax.judge import judge
from core.connectors.session import Exchange, SignedOut
from core.ports.world import Response

COMMIT = Exchange("commit_invoice", "k", "POST", "/x", write=True)


def failed(number: int, text: str = "no", refers: str = "") -> bytes:
    detail = {"number": number, "message": text, "refersTo": refers}
    return json.dumps({"error": {"code": "X", "message": text, "details": [detail]}}).encode()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (201, b"", Unclear),
        (200, b"<html>", Unclear),
        (400, failed(309), Refused),
        (400, failed(300, "Unable to determine the taxing jurisdictions."), Refused),
        (400, failed(300, "DocStatus is invalid for this operation.", "DocStatus"), AlreadyThere),
        (400, failed(1313), AlreadyThere),
        (401, failed(30), SignedOut),
        (404, failed(4), Missing),
        (404, failed(139), Refused),
        (400, b"nonsense", Refused),
        (429, failed(1715), Unavailable),
        (400, failed(1716), Unavailable),
        (500, failed(50), Unclear),
        (503, failed(500), Unclear),
        (504, failed(316), Unclear),
    ],
)
def test_errors(status: int, body: bytes, kind: type[CoreError]) -> None:
    assert type(judge(COMMIT, Response(status, {}, body))) is kind


def test_success() -> None:
    assert judge(COMMIT, Response(201, {}, b'{"id": 1}')) is None
