"""The core's side of the sign-ins, from what the sandboxes say of themselves."""

from __future__ import annotations

from collections.abc import Mapping

from core.assemble import Endpoints
from core.connectors.avatax.client import AvaTaxEndpoint
from core.connectors.netsuite.client import NetSuiteEndpoint
from core.connectors.salesforce.client import SalesforceEndpoint
from core.connectors.stripe.client import StripeEndpoint
from core.connectors.zuora.client import ZuoraEndpoint
from scenarios.provision import Credentials


def endpoints(urls: Mapping[str, str], own: Credentials, webhook_secrets: Mapping[str, str]) -> Endpoints:
    """urls: base address by system; webhook_secrets: by the vendor that signs."""
    sf, zu, av, ns = own["salesforce"], own["zuora"], own["avatax"], own["netsuite"]
    audience = f"https://{ns['account']}.suitetalk.api.netsuite.com{ns['token_path']}"
    return Endpoints(
        SalesforceEndpoint(urls["salesforce"], sf["client_id"], sf["client_secret"]),
        ZuoraEndpoint(urls["zuora"], zu["client_id"], zu["client_secret"]),
        AvaTaxEndpoint(urls["avatax"], av["account"], av["license_key"], av["company_code"]),
        StripeEndpoint(urls["stripe"], own["stripe"]["secret_key"]),
        NetSuiteEndpoint(
            urls["netsuite"], ns["client_id"], ns["certificate_id"], ns["private_key_pem"], audience
        ),
        webhook_secrets,
    )
