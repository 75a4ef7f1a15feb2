"""Everything that is not a record: token, SuiteQL, limits, catalogue."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from pydantic import ValidationError

from simulators.kit.table import Call, Reply, json_reply
from simulators.netsuite.routes.shared import body_of, collection
from simulators.netsuite.rules import desks, signin
from simulators.netsuite.rules.query.library import page_bounds
from simulators.netsuite.rules.refusal import Refused
from simulators.netsuite.rules.sandbox import Sandbox
from simulators.netsuite.wire.errors import oauth_refusal
from simulators.netsuite.wire.models import BODIES, QueryBody
from simulators.netsuite.wire.references import RECORD_PATH

CATALOGUE = "metadata-catalog"


async def token(sandbox: Sandbox, call: Call) -> Reply:
    """OAuth 2.0 client credentials with a signed assertion."""
    form = dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        text = sandbox.company.signin.exchange(form, call.base_url + call.path)
    except signin.OAuthRefused as refused:
        return oauth_refusal(refused)
    # expires_in is a text here: NetSuite's help shows it in quotes.
    life = str(sandbox.company.signin.tokens.life_seconds)
    return json_reply(200, {"access_token": text, "expires_in": life, "token_type": "bearer"})


async def suiteql(sandbox: Sandbox, call: Call) -> Reply:
    """POST of a query."""
    wanted = {each.strip().lower() for each in call.headers.get("prefer", "").split(",")}
    if "transient" not in wanted:
        detail = "The required request header 'Prefer' must be 'transient'."
        raise Refused("INVALID_HEADER", detail, "Header", "Prefer")
    try:
        query = QueryBody.model_validate(body_of(call)).q
    except ValidationError as error:
        raise Refused(
            "INVALID_CONTENT", "The body must be an object with the text q.", "Path", "q"
        ) from error
    limit, offset = page_bounds(call.args())
    found = sandbox.library.query(query, limit, offset)
    items: list[dict[str, Any]] = [{"links": [], **row} for row in found.rows]
    return collection(call, items, limit, offset, found.total)


async def limits(sandbox: Sandbox, _: Call) -> Reply:
    """How many calls at once the account allows."""
    value = {
        "accountConcurrencyLimit": sandbox.concurrency,
        "accountUnallocatedConcurrencyLimit": sandbox.concurrency,
        "integrationLimitType": "accountLimit",
    }
    return json_reply(200, value)


async def catalogue(sandbox: Sandbox, call: Call) -> Reply:
    """The record types."""
    path = f"{call.base_url}{RECORD_PATH}{CATALOGUE}"
    items = [
        {"name": kind, "links": [{"rel": "canonical", "href": f"{path}/{kind}"}]}
        for kind in sandbox.company.shelves
    ]
    return json_reply(200, {"links": [{"rel": "self", "href": path}], "items": items})


async def schema(sandbox: Sandbox, call: Call) -> Reply:
    """What may be written to a record type, as JSON schema; empty for one that is only read."""
    kind = call.params["type"]
    desks.shelf(sandbox.company, kind)
    model = BODIES.get(kind)
    value = model.model_json_schema() if model else {"type": "object", "properties": {}}
    return json_reply(200, value)
