"""Objects in which an org tells of its own setting up: profiles, stages, currencies."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from simulators.kit.money import exponent
from simulators.salesforce.rules.commerce import STAGES
from simulators.salesforce.rules.schema import CURRENCIES, Entity, entity, flag, number, pick, text

if TYPE_CHECKING:  # records know the catalogue, which knows these objects
    from simulators.salesforce.rules.records import Records

PROFILE = entity("Profile", "00e", text("Name", 40), text("UserType", 40), writable=False)

OPPORTUNITY_STAGE = entity(
    "OpportunityStage", "01J",
    text("MasterLabel"), text("ApiName"), flag("IsActive"), number("SortOrder", kind="int"), flag("IsClosed"),
    flag("IsWon"), number("DefaultProbability", kind="percent"), text("ForecastCategoryName", 40),
    label="Opportunity Stage", writable=False,
)  # fmt: skip

# The rate of a currency is for the org's administrator to write; a fresh org has that of its own alone.
CURRENCY_TYPE = entity(
    "CurrencyType", "01L",
    pick("IsoCode", *CURRENCIES, required=True), number("ConversionRate", 6),
    number("DecimalPlaces", kind="int"), flag("IsActive"), flag("IsCorporate", calculated=True),
    label="Currency Type",
)  # fmt: skip

SETUPS: tuple[Entity, ...] = (PROFILE, OPPORTUNITY_STAGE, CURRENCY_TYPE)
_OWN = "USD"


def set_up(records: Records) -> str:
    """The rows of a fresh org; returns the id of the administrator's profile."""
    for place, (name, (probability, closed, won)) in enumerate(STAGES.items(), start=1):
        omitted = "Closed" if won else "Omitted"
        likely = "Commit" if probability >= 90 else "Pipeline"
        records.create("OpportunityStage", {
            "MasterLabel": name, "ApiName": name, "IsActive": True, "SortOrder": Decimal(place),
            "IsClosed": closed, "IsWon": won, "DefaultProbability": Decimal(probability),
            "ForecastCategoryName": omitted if closed else likely,
        })  # fmt: skip
    for code in CURRENCIES:
        records.create("CurrencyType", {
            "IsoCode": code, "DecimalPlaces": Decimal(exponent(code)), "IsActive": True,
            "IsCorporate": code == _OWN, "ConversionRate": Decimal(1) if code == _OWN else None,
        })  # fmt: skip
    profile = {"Name": "System Administrator", "UserType": "Standard"}
    return records.create("Profile", profile).id
