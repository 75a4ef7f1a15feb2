"""Salesforce as a value: its table, its door, its sandbox."""

from __future__ import annotations

from simulators.kit.mock import Surroundings, Vendor
from simulators.salesforce.routes.collections import COLLECTION_TABLE
from simulators.salesforce.routes.composite import COMPOSITE_TABLE
from simulators.salesforce.routes.door import serve
from simulators.salesforce.routes.login import LOGIN_TABLE
from simulators.salesforce.routes.queries import QUERY_TABLE
from simulators.salesforce.routes.sobjects import SOBJECT_TABLE
from simulators.salesforce.routes.tooling import TOOLING_TABLE
from simulators.salesforce.routes.troubles import disturb, trouble
from simulators.salesforce.rules.identity import CLIENT_ID, CLIENT_SECRET, PASSWORD, USERNAME
from simulators.salesforce.rules.org import Org
from simulators.salesforce.wire.events import change_event

TABLE = (
    *LOGIN_TABLE,
    *SOBJECT_TABLE,
    *QUERY_TABLE,
    *COLLECTION_TABLE,
    *COMPOSITE_TABLE,
    *TOOLING_TABLE,
)


def sandbox(surroundings: Surroundings) -> Org:
    """A fresh org: one user, one connected app, the standard price book."""
    return Org(surroundings, change_event)


def credentials(org: Org) -> dict[str, str]:
    """How to sign in, and the id of the standard price book."""
    return {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "username": USERNAME,
        "password": PASSWORD,
        "organization_id": org.identity.org_id,
        "user_id": org.records.user_id,
        "standard_pricebook": org.standard_pricebook,
    }


VENDOR = Vendor(
    name="salesforce",
    title="Salesforce (REST, SOQL, CPQ objects, change events)",
    port=4244,
    table=TABLE,
    open=sandbox,
    serve=serve,
    trouble=trouble,
    disturb=disturb,
    credentials=credentials,
)
