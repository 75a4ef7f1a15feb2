"""Salesforce as a value: its table, its door, its sandbox."""

from __future__ import annotations

from simulators.kit.mock import Surroundings, Vendor
from simulators.salesforce.fidelity import FIDELITY
from simulators.salesforce.routes.about import ABOUT_TABLE
from simulators.salesforce.routes.apex import APEX_TABLE
from simulators.salesforce.routes.classic import CLASSIC_TABLE
from simulators.salesforce.routes.collections import COLLECTION_TABLE
from simulators.salesforce.routes.cometd import COMETD_TABLE
from simulators.salesforce.routes.composite import COMPOSITE_TABLE
from simulators.salesforce.routes.disturbances import ACTS
from simulators.salesforce.routes.door import serve
from simulators.salesforce.routes.jobs import JOB_TABLE
from simulators.salesforce.routes.login import LOGIN_TABLE
from simulators.salesforce.routes.queries import QUERY_TABLE
from simulators.salesforce.routes.search import SEARCH_TABLE
from simulators.salesforce.routes.soap import SOAP_TABLE
from simulators.salesforce.routes.sobjects import SOBJECT_TABLE
from simulators.salesforce.routes.tooling import TOOLING_TABLE
from simulators.salesforce.routes.tree import TREE_TABLE
from simulators.salesforce.routes.troubles import answers, lacks, retire, trouble
from simulators.salesforce.rules.catalogue import OBJECTS
from simulators.salesforce.rules.org import OPTIONS, Org
from simulators.salesforce.rules.signin import (
    CLIENT_ID,
    CLIENT_SECRET,
    PRIVATE_KEY_PEM,
    REDIRECT_URI,
    SECURITY_TOKEN,
    USERNAME,
)
from simulators.salesforce.wire.events import change_event

TABLE = (
    *LOGIN_TABLE,
    *SOAP_TABLE,
    *ABOUT_TABLE,
    *SOBJECT_TABLE,
    *QUERY_TABLE,
    *SEARCH_TABLE,
    *COLLECTION_TABLE,
    *COMPOSITE_TABLE,
    *TREE_TABLE,
    *JOB_TABLE,
    *CLASSIC_TABLE,
    *COMETD_TABLE,
    *APEX_TABLE,
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
        "password": org.identity.password,
        "security_token": SECURITY_TOKEN,
        "private_key_pem": PRIVATE_KEY_PEM,
        "redirect_uri": REDIRECT_URI,
        "refresh_token": org.refresh_token,
        "organization_id": org.identity.org_id,
        "user_id": org.records.user_id,
        "standard_pricebook": org.standard_pricebook,
    }


VENDOR = Vendor(
    name="salesforce",
    title="Salesforce",
    port=4244,
    table=TABLE,
    open=sandbox,
    serve=serve,
    trouble=trouble,
    acts=ACTS,
    credentials=credentials,
    fidelity=FIDELITY,
    options=OPTIONS,
    answers=answers,
    retire=retire,
    records=frozenset(entity.name for entity in OBJECTS),
    lacks=lacks,
)
