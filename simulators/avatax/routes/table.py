"""Every path of the mock, and the vendor made of it."""

from __future__ import annotations

from simulators.avatax.fidelity import FIDELITY
from simulators.avatax.routes.door import lacks, serve, trouble
from simulators.avatax.routes.rows import DOCUMENTS, SERVICE
from simulators.avatax.routes.setting import COMPANIES, DEFINITIONS, EXEMPTIONS, RECORDS
from simulators.avatax.rules.companies import COMPANY_CODE, COMPANY_ID
from simulators.avatax.rules.sandbox import ACCOUNT, BEARER, OPTIONS, PASSWORD, USER, Sandbox
from simulators.kit.mock import Vendor

TABLE = (*SERVICE, *DOCUMENTS, *COMPANIES, *RECORDS, *EXEMPTIONS, *DEFINITIONS)


def credentials(sandbox: Sandbox) -> dict[str, str]:
    """How to sign in: HTTP Basic with account and licence key or user and password, or a bearer token."""
    return {
        "account": ACCOUNT,
        "license_key": sandbox.licence,
        "username": USER,
        "password": PASSWORD,
        "bearer_token": BEARER,
        "company_code": COMPANY_CODE,
        "company_id": str(COMPANY_ID),
    }


VENDOR = Vendor(
    name="avatax",
    title="Avalara AvaTax",
    port=4246,
    table=TABLE,
    open=Sandbox,
    serve=serve,
    trouble=trouble,
    # Nothing: there are no tokens to expire, no events, no lagging index.
    acts={},
    credentials=credentials,
    fidelity=FIDELITY,
    any_case=True,
    options=OPTIONS,
    lacks=lacks,
)
