"""What went wrong, told as RFC 9457 asks: application/problem+json with type, title, status and detail."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from core.canonical.errors import AlreadyThere, CoreError, Fenced, Held, Missing, Refused, Unavailable

MEDIA_TYPE = "application/problem+json"
_VALUE_MOST = 200
# pydantic says what is expected as "'a', 'b' or 'c'".
_WORDS = re.compile(r"'([^']*)'")


class Fault(BaseModel):
    """One thing that was wrong with what was asked. where: path, query, header or body; allowed: the words
    that there are, where it is one of a few."""

    where: str
    field: str
    value: str
    reason: str
    allowed: list[str] = []


class Problem(BaseModel):
    """RFC 9457, section 3.1. owner: who is asked; faults: what was wrong with the request, field by field."""

    type: str = Field(examples=["urn:tieout:problem:missing"])
    title: str
    status: int
    detail: str
    instance: str = ""
    owner: str = ""
    faults: list[Fault] = []


class Wrong(Exception):
    """A request that cannot be answered as it is. slug: the kind of problem, the last part of its type."""

    def __init__(
        self, status: int, slug: str, detail: str, *, faults: list[Fault] | None = None, retry: int = 0
    ) -> None:
        super().__init__(detail)
        self.status, self.slug, self.detail = status, slug, detail
        self.faults, self.retry = faults or [], retry


def told(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For the document of an operation: which problems it may answer with."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def answer_with_problems(app: FastAPI) -> None:
    """Every error of this application is told as a problem."""
    app.add_exception_handler(Wrong, _wrong)
    app.add_exception_handler(CoreError, _core_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


def problem(
    status: int,
    slug: str,
    detail: str,
    instance: str = "",
    *,
    owner: str = "",
    faults: list[Fault] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """The answer itself."""
    body = Problem(
        type=f"urn:tieout:problem:{slug}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=instance,
        owner=owner,
        faults=faults or [],
    )
    return JSONResponse(body.model_dump(exclude_defaults=True), status, headers, MEDIA_TYPE)


async def _wrong(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Wrong)
    headers = {"retry-after": str(error.retry)} if error.retry else None
    return problem(
        error.status, error.slug, error.detail, request.url.path, faults=error.faults, headers=headers
    )


# The first that fits: kinds before what they are kinds of. `Refused` of a desk is about a state: 409.
_KINDS: tuple[tuple[type[CoreError], int, str], ...] = (
    (Missing, 404, "missing"),
    (Held, 422, "held"),
    (AlreadyThere, 409, "already-there"),
    (Refused, 409, "refused"),
    (Fenced, 409, "fenced"),
    (Unavailable, 503, "unavailable"),
    (CoreError, 502, "unclear"),
)


async def _core_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, CoreError)
    status, slug = next((status, slug) for kind, status, slug in _KINDS if isinstance(error, kind))
    owner = error.owner if isinstance(error, Held) else ""
    headers = {"retry-after": "5"} if status == 503 else None
    return problem(status, slug, error.detail, request.url.path, owner=owner, headers=headers)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = [_fault(found) for found in error.errors()]
    first = faults[0]
    detail = f"{first.field}: {first.value!r}: {first.reason}"
    return problem(422, "invalid", detail, request.url.path, faults=faults)


def _fault(found: dict[str, Any]) -> Fault:
    where, *rest = (str(part) for part in found["loc"])
    given = found.get("input")
    value = given if isinstance(given, str) else repr(given)
    words = _WORDS.findall(found["ctx"]["expected"]) if found["type"] in ("literal_error", "enum") else []
    reason = found["msg"].removeprefix("Value error, ")
    return Fault(
        where=where, field=".".join(rest) or where, value=value[:_VALUE_MOST], reason=reason, allowed=words
    )


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    slug = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    headers = dict(error.headers or {})
    return problem(error.status_code, slug, str(error.detail), request.url.path, headers=headers)
