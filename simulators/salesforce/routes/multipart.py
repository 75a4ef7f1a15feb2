"""Bulk API 2.0's one call for small jobs: wish and rows together, as multipart/form-data."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP

from simulators.kit.table import Call
from simulators.salesforce.rules.refusal import Refused

_MOST = 100_000  # characters of rows that the vendor takes in one call


def parted(call: Call) -> tuple[Call, bytes] | None:
    """(the call with the JSON part as its body, the rows); None for a call that is not multipart."""
    kind = call.headers.get("content-type", "")
    if not kind.lower().startswith("multipart/form-data"):
        return None
    whole = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + call.body)
    parts: dict[str, bytes] = {}
    for part in whole.iter_parts() if whole.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(data, bytes):
            parts[name] = data
    for name in ("job", "content"):
        if name not in parts:
            # unconfirmed: code and text
            raise Refused("INVALIDJOB", f"InvalidJob : The multipart request has no part named {name}")
    if len(parts["content"].decode("utf-8", "replace")) > _MOST:
        raise Refused("INVALIDJOB", f"InvalidJob : A multipart request takes {_MOST} characters of rows")
    headers = {**call.headers, "content-type": "application/json"}
    told = Call(call.method, call.path, call.query, headers, parts["job"], call.params, call.base_url)
    return told, parts["content"]
