"""The file of a deployment: service accounts come back as they were written, and no secret is shown."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core.assemble import Endpoints
from core.connectors.avatax.client import AvaTaxEndpoint
from core.connectors.netsuite.api import NetSuiteEndpoint
from core.connectors.salesforce.api import SalesforceEndpoint
from core.connectors.stripe.api import StripeEndpoint
from core.connectors.zuora.api import ZuoraEndpoint
from core.deployment import BadDeployment, Deployment, read_deployment
from core.governance.accounts import Account, Secret
from core.mappings.registry import Registry
from core.mappings.shipped import SHIPPED, shipped_text
from tests.unit.core.signers import signer, with_people

SECRETS = [
    f"planted-{word}-of-24-characters" for word in ("crm", "bill", "tax", "pay", "erp", "hook", "ours", "bot")
]
CRM, BILL, TAX, PAY, ERP, HOOK, OURS, BOT = SECRETS


def deployment() -> Deployment:
    ends = Endpoints(
        SalesforceEndpoint("http://a", "id", CRM),
        ZuoraEndpoint("http://b", "id", BILL),
        AvaTaxEndpoint("http://c", "1", TAX),
        StripeEndpoint("http://d", PAY),
        NetSuiteEndpoint("http://e", "id", "certificate", ERP),
        {"stripe": HOOK},
    )
    bot = Account("bot", frozenset({"jobs:run"}), (Secret(BOT), Secret(BOT[::-1], 1_772_323_200_000_000)))
    return Deployment("hybrid", ends, "sqlite:x.db", OURS, accounts=(bot,))


def test_accounts_come_back_as_they_were_written(tmp_path):
    file = tmp_path / "deployment.json"
    deployment().write(file)
    assert read_deployment(file).accounts == deployment().accounts
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_bad_account_is_refused_without_its_secret(tmp_path):
    file = tmp_path / "deployment.json"
    deployment().write(file)
    plain = json.loads(file.read_text())
    plain["accounts"][0]["scopes"] = ["everything"]
    file.write_text(json.dumps(plain))
    with pytest.raises(BadDeployment, match="bot: scopes: everything") as refused:
        read_deployment(file)
    assert not [secret for secret in SECRETS if secret in str(refused.value)]


def test_its_mask_knows_every_secret_of_it():
    kept = deployment().mask()(" ".join([*SECRETS, BOT[::-1]]))
    assert not [secret for secret in (*SECRETS, BOT[::-1]) if secret in kept]


def test_it_runs_on_what_is_live_in_its_environment(tmp_path):
    registry = with_people(Registry(tmp_path / "mappings", lambda: 1, begin=True))
    text = shipped_text("tax_codes").decode().replace("version = 1", "version = 2").replace("Tieout", "mia")
    registry.add(text.encode(), "new.toml", signer("mia"), "")
    file = tmp_path / "deployment.json"
    for environment, version in (("dev", 2), ("production", 1)):
        made = replace(deployment(), registry=str(tmp_path / "mappings"), environment=environment)
        made.write(file)
        assert read_deployment(file).maps()["tax_codes"].version == version
    assert deployment().maps() is SHIPPED


@pytest.mark.parametrize(
    ("registry", "environment", "says"),
    [
        ("m", "", "registry and environment: give both"),
        ("", "dev", "registry and environment: give both"),
        ("m", "prod", "environment: 'prod' is not one of dev, staging, production"),
    ],
)
def test_an_environment_that_is_none_is_refused(tmp_path, registry, environment, says):
    file = tmp_path / "deployment.json"
    replace(deployment(), registry=registry, environment=environment).write(file)
    with pytest.raises(BadDeployment, match=says):
        read_deployment(file)


def test_a_registry_that_was_changed_by_hand_starts_nothing(tmp_path):
    Registry(tmp_path / "mappings", lambda: 1, begin=True)
    (tmp_path / "mappings" / "versions" / "tax_codes" / "0001.toml").write_text("name = 1")
    made = replace(deployment(), registry=str(tmp_path / "mappings"), environment="production")
    with pytest.raises(BadDeployment, match=r"0001.toml: its digest is .*it was changed since"):
        made.maps()


def test_a_webhook_secret_is_changed_with_an_overlap(tmp_path):
    former = Secret("the-one-before-this", 1_800_000_000_000_000)
    ends = replace(deployment().endpoints, former_secrets={"stripe": former})
    made = replace(deployment(), endpoints=ends)
    made.write(tmp_path / "d.json")
    assert read_deployment(tmp_path / "d.json") == made
    assert former.value not in repr(made)
    assert made.mask()(f"signed with {former.value}") == "signed with [secret]"


@pytest.mark.parametrize("given", [[], [{"value": "new"}], [{"value": "new"}, {"value": "old"}], [1, 2], 7])
def test_a_webhook_secret_that_is_none_is_named_by_its_vendor(tmp_path, given):
    deployment().write(tmp_path / "d.json")
    plain = json.loads((tmp_path / "d.json").read_text())
    plain["secrets"]["stripe"] = given
    (tmp_path / "d.json").write_text(json.dumps(plain))
    with pytest.raises(BadDeployment):
        read_deployment(tmp_path / "d.json")
