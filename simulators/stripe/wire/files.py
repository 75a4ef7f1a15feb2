"""Files: bodies in parts in, JSON objects out (field names: stripe/openapi fixtures3.json)."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP

from simulators.kit.clock import SECOND
from simulators.kit.table import Call
from simulators.stripe.wire.forms import Invalid
from simulators.stripe.wire.parties import Record, Shaped


def file(f: Record, now: int) -> Shaped:
    """A file, without its contents."""
    return {
        "id": f.id,
        "object": "file",
        "created": f.created_at // SECOND,
        "expires_at": f.expires_at // SECOND or None,
        "filename": f.filename,
        "links": {
            "object": "list",
            "data": [file_link(k, now) for k in f.links[:-11:-1]],
            "has_more": len(f.links) > 10,
            "url": f"/v1/file_links?file={f.id}",
        },
        "purpose": f.purpose,
        "size": len(f.contents),
        "title": None,
        "type": f.type,
        "url": f"https://files.stripe.com/v1/files/{f.id}/contents",
    }


def file_link(k: Record, now: int) -> Shaped:
    """A link, good until it expires."""
    expired = bool(k.expires_at) and k.expires_at <= now
    return {
        "id": k.id,
        "object": "file_link",
        "created": k.created_at // SECOND,
        "expired": expired,
        "expires_at": k.expires_at // SECOND or None,
        "file": k.file,
        "livemode": k.livemode,
        "metadata": k.metadata,
        "url": None if expired else f"https://files.stripe.com/links/{k.secret}",
    }


def uploaded(call: Call) -> tuple[str, str, bytes]:
    """(purpose, file name, contents) of a body in parts."""
    kind = call.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        raise Invalid("Missing required param: file.", "parameter_missing", "file")
    message = BytesParser(policy=HTTP).parsebytes(
        f"Content-Type: {kind}\r\n\r\n".encode("latin-1") + call.body
    )
    fields: dict[str, tuple[str, bytes]] = {}
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            fields[name] = (part.get_filename() or "", content)
    unknown = [
        name for name in fields if name not in ("file", "purpose", "file_link_data") and "[" not in name
    ]
    if unknown:
        text = f"Received unknown parameter: {unknown[0]}"
        raise Invalid(text, "parameter_unknown", unknown[0])
    for name in ("purpose", "file"):
        if name not in fields:
            raise Invalid(f"Missing required param: {name}.", "parameter_missing", name)
    filename, contents = fields["file"]
    return fields["purpose"][1].decode("utf-8", "replace"), filename, contents
