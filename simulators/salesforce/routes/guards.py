"""Conditional requests: entity tags (accounts only, as documented) and times of the last change.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api/intro_rest_conditional_requests.htm
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime

from simulators.kit.table import Reply, dumps
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.store import Record
from simulators.salesforce.wire.records import record

_TAGGED = ("Account",)
_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_TAGS = re.compile(r'\s*(?:\*|(?:W/)?"[^"]*"(?:\s*,\s*(?:W/)?"[^"]*")*)\s*')
_GZIP = "-gzip"


def tag(found: Record) -> str:
    """The hash of a record's content, "" for objects that have none."""
    if found.entity.name not in _TAGGED:
        return ""
    content = dumps(record(found, found.entity.name, ""))
    return base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()


def stamp(found: Record) -> datetime:
    """When the record was last changed, in whole seconds."""
    return datetime.fromisoformat(found.values["LastModifiedDate"]).replace(microsecond=0)


def labelled(found: Record) -> tuple[tuple[str, str], ...]:
    """The headers by which a later call may refer to what was read."""
    known = tag(found)
    tags = (("ETag", f'"{known}"'),) if known else ()
    return (("Last-Modified", format_datetime(stamp(found), usegmt=True)), *tags)


def unread(found: Record, headers: Mapping[str, str]) -> Reply | None:
    """304 where a reader has the record already; 412 for a tag that it does not have; else None."""
    known = tag(found)
    if known and "if-match" in headers and known not in _named(headers, "if-match", known):
        raise _failed("If-Match")
    if known and "if-none-match" in headers:
        return Reply(304, b"", labelled(found)) if known in _named(headers, "if-none-match", known) else None
    since = headers.get("if-modified-since")
    if since is not None and stamp(found) <= moment(since, "If-Modified-Since"):
        return Reply(304)
    return None


def unchanged(found: Record, headers: Mapping[str, str]) -> None:
    """PRECONDITION_FAILED where a writer had seen another state than the present one."""
    known = tag(found)
    if known and "if-match" in headers and known not in _named(headers, "if-match", known):
        raise _failed("If-Match")
    if known and "if-none-match" in headers and known in _named(headers, "if-none-match", known):
        raise _failed("If-None-Match")
    guard = headers.get("if-unmodified-since")
    if guard is not None and moment(guard, "If-Unmodified-Since") < stamp(found):
        raise _failed("If-Unmodified-Since")


def moment(text: str, header: str) -> datetime:
    """An HTTP date; 400 if it is none, as documented for PATCH."""
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        raise Refused("INVALID_HEADER_VALUE", f"{header}: '{text}' is no HTTP date.") from None


def _named(headers: Mapping[str, str], name: str, present: str = "") -> tuple[str, ...]:
    """The tags that a header lists; "*" is the present one. 400 if it is no list of tags."""
    text = headers[name]
    if not _TAGS.fullmatch(text):
        raise Refused("INVALID_HEADER_VALUE", f"{name}: '{text}' is no list of entity tags.")
    if text.strip() == "*":
        return (present,)
    return tuple(each.removesuffix(_GZIP) for each in _TAG.findall(text))


def _failed(header: str) -> Refused:
    # The status is documented, the body is not.
    return Refused("PRECONDITION_FAILED", f"The record is not as the header {header} expects it.")
