"""The sorts of records a company keeps, with the vendor's names of their fields."""

from __future__ import annotations

from simulators.avatax.rules.records import Kind

_PLACE = ("line1", "line2", "line3", "city", "region", "postalCode", "country")

ITEM = Kind(
    "Item",
    (
        *("itemCode", "taxCode", "taxCodeId", "description", "itemGroup", "category", "summary"),
        *("source", "sourceEntityId", "itemType", "upc", "classifications", "parameters", "tags"),
    ),
    unique=("itemCode",),
    required=("itemCode", "description"),
    limits={"itemCode": 50, "description": 255, "taxCode": 25, "itemGroup": 50},
    first=4_000_000,
)
TAX_CODE = Kind(
    "TaxCode",
    (
        *("taxCode", "taxCodeTypeId", "description", "parentTaxCode", "isPhysical"),
        *("goodsServiceCode", "entityUseCode", "isActive", "isSSTCertified"),
    ),
    unique=("taxCode",),
    required=("taxCode", "taxCodeTypeId"),
    limits={"taxCode": 25, "description": 255, "parentTaxCode": 25},
    defaults={"isActive": True, "isPhysical": False, "goodsServiceCode": 0},
    first=900_000,
)
LOCATION = Kind(
    "Location",
    (
        *("locationCode", "description", "addressTypeId", "addressCategoryId", *_PLACE, "county"),
        *("isMarketplaceOutsideUsa", "isDefault", "isRegistered", "dbaName", "outletName"),
        *("effectiveDate", "endDate", "lastTransactionDate", "registeredDate", "settings", "parameters"),
    ),
    unique=("locationCode",),
    required=("locationCode", "addressTypeId", "addressCategoryId", "line1", "city", "postalCode", "country"),
    limits={"locationCode": 50, "description": 255, "line1": 50, "line2": 100, "city": 50, "postalCode": 10},
    choices={
        "addressTypeId": ("", "Location", "Salesperson", "Marketplace"),
        "addressCategoryId": (
            *("", "Storefront", "MainOffice", "Warehouse", "Salesperson", "Other"),
            *("SellerRemitsTax", "MarketplaceRemitsTax", "NonPhysical", "Vendor"),
        ),
    },
    defaults={"isDefault": False, "isRegistered": False},
    first=700_000,
)
CONTACT = Kind(
    "Contact",
    (
        *("contactCode", "firstName", "middleName", "lastName", "title", *_PLACE),
        *("email", "phone", "mobile", "fax"),
    ),
    unique=("contactCode",),
    required=("contactCode", "firstName", "lastName", "email"),
    limits={"contactCode": 25, "firstName": 50, "lastName": 50, "line1": 50, "email": 50},
    first=300_000,
)
CUSTOMER = Kind(
    "Customer",
    (
        *("customerCode", "alternateId", "name", "attnName", "line1", "line2", "city", "postalCode"),
        *("phoneNumber", "faxNumber", "emailAddress", "contactName", "lastTransaction", "country", "region"),
        *("taxpayerIdNumber", "isBill", "isShip", "customFields", "attributes", "exposureZones"),
    ),
    unique=("customerCode",),
    required=("customerCode", "name", "line1", "city", "postalCode", "country", "region"),
    limits={"customerCode": 50, "name": 50, "line1": 50, "city": 50, "postalCode": 10},
    first=500_000,
)
CERTIFICATE = Kind(
    "Certificate",
    (
        *("signedDate", "expirationDate", "filename", "valid", "verified", "exemptPercentage"),
        *("isSingleCertificate", "exemptionNumber", "validatedExemptionReason", "exemptionReason", "status"),
        *("taxNumberType", "businessNumberType", "pageCount", "poNumbers", "exposureZone", "attributes"),
    ),
    required=("signedDate", "exposureZone"),
    defaults={"exemptPercentage": 0, "isSingleCertificate": False, "valid": True, "verified": True},
    first=600_000,
)
TAX_RULE = Kind(
    "TaxRule",
    (
        *("taxCode", "taxCodeId", "stateFIPS", "jurisName", "jurisCode", "jurisTypeId"),
        *("jurisdictionTypeId", "customerUsageType", "entityUseCode", "taxTypeId", "taxTypeCode"),
        *("rateTypeId", "rateTypeCode", "taxRuleTypeId", "isAllJuris", "value", "cap", "threshold"),
        *("options", "effectiveDate", "endDate", "description", "isSTPro", "country", "region", "sourcing"),
        *("taxTypeGroup", "taxSubType", "currencyCode", "unitOfBasis"),
    ),
    required=("taxRuleTypeId", "country", "region", "effectiveDate"),
    choices={
        "taxRuleTypeId": (
            *("RateRule", "RateOverrideRule", "BaseRule", "ExemptEntityRule", "ProductTaxabilityRule"),
            "NexusRule",
        )
    },
    defaults={"isAllJuris": False, "value": 0, "cap": 0, "threshold": 0},
    first=800_000,
)
UPC = Kind(
    "UPC",
    ("upc", "legacyTaxCode", "description", "effectiveDate", "endDate", "usage", "isSystem"),
    unique=("upc",),
    required=("upc", "description"),
    limits={"upc": 15, "legacyTaxCode": 25, "description": 255},
    defaults={"isSystem": False},
    first=1_000_000,
)
PARAMETER = Kind(
    "Parameter",
    ("name", "value", "unit"),
    unique=("name",),
    required=("name",),
    limits={"name": 255, "value": 1024},
    first=1_100_000,
)
SETTING = Kind(
    "Setting",
    ("set", "name", "value"),
    unique=("set", "name"),
    required=("set", "name"),
    limits={"set": 50, "name": 50, "value": 200},
    first=200_000,
)
KINDS = (ITEM, TAX_CODE, LOCATION, CONTACT, CUSTOMER, CERTIFICATE, TAX_RULE, SETTING, UPC, PARAMETER)
