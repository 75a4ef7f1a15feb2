"""The rows of the table about companies, what they keep, and the vendor's definitions."""

from __future__ import annotations

from collections.abc import Iterator

from simulators.avatax.routes import (
    companies,
    configuration,
    definitions,
    exemptions,
    listings,
    nexus,
    records,
)
from simulators.avatax.rules.kinds import CONTACT, ITEM, LOCATION, PARAMETER, SETTING, TAX_CODE, TAX_RULE, UPC
from simulators.avatax.rules.records import Kind
from simulators.avatax.wire import setup
from simulators.kit.table import Handler, Route

_ROOT = "/api/v2"
_COMPANIES = f"{_ROOT}/companies"
_OWN = f"{_COMPANIES}/{{companyId}}"
_NEXUS = f"{_OWN}/nexus"
_CUSTOMER = f"{_OWN}/customers/{{customerCode}}"
_CERTIFICATE = f"{_OWN}/certificates/{{id}}"
_DEFINITIONS = f"{_ROOT}/definitions"

COMPANIES = (
    Route("GET", _COMPANIES, "list_companies", companies.list_all, "companies"),
    Route("POST", _COMPANIES, "create_companies", companies.create, "more companies",
          request=setup.CompanyBody),
    Route("POST", f"{_COMPANIES}/initialize", "company_initialize", companies.initialize,
          "a company with contact and location", request=setup.CompanyInitializationBody),
    Route("GET", f"{_COMPANIES}/{{id}}", "get_company", companies.get, "one company"),
    Route("PUT", f"{_COMPANIES}/{{id}}", "update_company", companies.update, "change a company",
          request=setup.CompanyBody),
    Route("DELETE", f"{_COMPANIES}/{{id}}", "delete_company", companies.delete, "a company goes"),
    Route("GET", f"{_COMPANIES}/{{id}}/configuration", "get_company_configuration",
          configuration.get_of_company, "settings by category"),
    Route("POST", f"{_COMPANIES}/{{id}}/configuration", "set_company_configuration",
          configuration.set_of_company, "set some of them", request=setup.ConfigurationBody),
    Route("GET", f"{_COMPANIES}/{{id}}/filingstatus", "get_filing_status", companies.filing_status,
          "whether returns are filed"),
    Route("GET", f"{_ROOT}/accounts/{{id}}/configuration", "get_account_configuration",
          configuration.get_of_account, "the account's settings"),
    Route("POST", f"{_ROOT}/accounts/{{id}}/configuration", "set_account_configuration",
          configuration.set_of_account, "set some of them", request=setup.ConfigurationBody),
    Route("GET", f"{_ROOT}/nexus", "query_nexus", nexus.list_of_account, "where tax is collected, all over"),
    Route("GET", _NEXUS, "list_nexus", nexus.list_of_company, "where tax is collected"),
    Route("POST", _NEXUS, "create_nexus", nexus.declare, "collect tax there, too",
          request=setup.NexusBody),
    Route("POST", f"{_NEXUS}/byaddress", "declare_nexus_by_address", nexus.declare_by_address,
          "collect tax where these addresses are", request=setup.NexusByAddressBody),
    Route("GET", f"{_NEXUS}/byTaxTypeGroup/{{taxTypeGroup}}", "list_nexus_by_tax_type_group",
          nexus.list_of_group, "where taxes of that group are collected"),
    Route("GET", f"{_NEXUS}/{{id}}", "get_nexus", nexus.get, "one declaration"),
    Route("PUT", f"{_NEXUS}/{{id}}", "update_nexus", nexus.update, "other dates", request=setup.NexusBody),
    Route("DELETE", f"{_NEXUS}/{{id}}", "delete_nexus", nexus.withdraw, "collect no tax there"),
)  # fmt: skip

EXEMPTIONS = (
    Route("GET", f"{_OWN}/customers", "query_customers", exemptions.list_customers, "customers"),
    Route("POST", f"{_OWN}/customers", "create_customers", exemptions.create_customers, "more customers"),
    Route("GET", _CUSTOMER, "get_customer", exemptions.get_customer, "one customer"),
    Route("PUT", _CUSTOMER, "update_customer", exemptions.update_customer, "change a customer"),
    Route("DELETE", _CUSTOMER, "delete_customer", exemptions.delete_customer, "a customer goes"),
    Route("GET", f"{_CUSTOMER}/certificates", "list_certificates_for_customer",
          exemptions.customer_certificates, "what frees a customer"),
    Route("GET", f"{_CUSTOMER}/certificates/{{country}}/{{region}}", "list_valid_certificates_for_customer",
          exemptions.customer_status, "whether a customer is free there"),
    Route("POST", f"{_CUSTOMER}/certificates/link", "link_certificates_to_customer",
          exemptions.link_certificates, "free a customer", request=setup.CertificateLinksBody),
    Route("POST", f"{_CUSTOMER}/certificates/unlink", "unlink_certificates_from_customer",
          exemptions.unlink_certificates, "free it no more", request=setup.CertificateLinksBody),
    Route("GET", f"{_OWN}/certificates", "query_certificates", exemptions.list_certificates, "certificates"),
    Route("POST", f"{_OWN}/certificates", "create_certificates", exemptions.create_certificates,
          "more certificates"),
    Route("GET", f"{_OWN}/certificates/setup", "get_certificate_setup", exemptions.setup_status,
          "whether certificates can be kept"),
    Route("GET", _CERTIFICATE, "get_certificate", exemptions.get_certificate, "one certificate"),
    Route("PUT", _CERTIFICATE, "update_certificate", exemptions.update_certificate, "change a certificate"),
    Route("DELETE", _CERTIFICATE, "delete_certificate", exemptions.delete_certificate,
          "a certificate goes"),
    Route("GET", f"{_CERTIFICATE}/customers", "list_customers_for_certificate",
          exemptions.certificate_customers, "whom a certificate frees"),
    Route("POST", f"{_CERTIFICATE}/customers/link", "link_customers_to_certificate",
          exemptions.link_customers, "free customers", request=setup.CustomerLinksBody),
    Route("POST", f"{_CERTIFICATE}/customers/unlink", "unlink_customers_from_certificate",
          exemptions.unlink_customers, "free them no more", request=setup.CustomerLinksBody),
)  # fmt: skip


def _rows(kind: Kind, word: str, name: str, *, account: bool = True) -> Iterator[Route]:
    path = f"{_OWN}/{word}"
    yield Route("GET", path, f"list_{name}_by_company", records.lister(kind), f"{word} of a company")
    yield Route("POST", path, f"create_{name}", records.creator(kind), f"more {word}")
    yield Route("GET", f"{path}/{{id}}", f"get_{name}", records.getter(kind), f"one of the {word}")
    yield Route("PUT", f"{path}/{{id}}", f"update_{name}", records.updater(kind), f"change one of the {word}")
    yield Route(
        "DELETE", f"{path}/{{id}}", f"delete_{name}", records.remover(kind), f"one of the {word} goes"
    )
    if account:
        everywhere = records.lister(kind, whole_account=True)
        yield Route("GET", f"{_ROOT}/{word}", f"query_{name}", everywhere, f"{word} of every company")


RECORDS = (
    *_rows(ITEM, "items", "items"),
    *_rows(TAX_CODE, "taxcodes", "tax_codes"),
    *_rows(LOCATION, "locations", "locations"),
    *_rows(CONTACT, "contacts", "contacts"),
    *_rows(TAX_RULE, "taxrules", "tax_rules"),
    *_rows(SETTING, "settings", "settings"),
    *_rows(UPC, "upcs", "upcs"),
    *_rows(PARAMETER, "parameters", "company_parameter_details", account=False),
)


def _definition(path: str, name: str, handler: Handler, summary: str) -> Route:
    return Route("GET", f"{_DEFINITIONS}/{path}", name, handler, summary)


DEFINITIONS = (
    _definition("countries", "list_countries", definitions.countries, "countries"),
    _definition("regions", "list_regions", definitions.regions, "states and provinces"),
    _definition("countries/{country}/regions", "list_regions_by_country", definitions.regions,
                "states of a country"),
    _definition("currencies", "list_currencies", definitions.currencies, "currencies and their digits"),
    _definition("taxcodes", "list_tax_codes", definitions.tax_codes, "the vendor's own tax codes, a few"),
    _definition("taxcodetypes", "list_tax_code_types", definitions.tax_code_types, "kinds of tax codes"),
    _definition("entityusecodes", "list_entity_use_codes", definitions.entity_use_codes,
                "why buyers are exempt"),
    _definition("certificateexemptreasons", "list_certificate_exempt_reasons", definitions.exempt_reasons,
                "reasons on certificates"),
    _definition("certificateexposurezones", "list_certificate_exposure_zones", definitions.exposure_zones,
                "where certificates are good"),
    _definition("nexus", "list_nexus_definitions", definitions.nexus_places,
                "where nexus can be declared"),
    _definition("nexus/byaddress", "list_nexus_by_address", definitions.nexus_by_address,
                "the same at an address"),
    _definition("nexus/{country}", "list_nexus_by_country", definitions.nexus_places,
                "the same in a country"),
    _definition("nexus/{country}/{region}", "list_nexus_by_country_and_region", definitions.nexus_places,
                "the same in a state"),
    _definition("jurisdictions", "list_jurisdictions", definitions.jurisdictions, "who taxes"),
    _definition("jurisdictionsnearaddress", "list_jurisdictions_by_address",
                definitions.jurisdictions_near, "who taxes at an address"),
    _definition("taxtypes/countries/{country}", "list_tax_types_by_country", definitions.tax_types,
                "types of tax"),
    _definition("countries/{country}/ratetypes", "list_rate_types_by_country", definitions.rate_types,
                "types of rates"),
    _definition("taxtypegroups", "list_tax_type_groups", listings.tax_type_groups, "groups of taxes"),
    _definition("nexustaxtypegroups", "list_nexus_tax_type_groups", listings.nexus_groups,
                "groups of taxes of nexus"),
    _definition("taxsubtypes", "list_tax_sub_types", listings.tax_sub_types, "finer types of tax"),
    _definition("parameters", "list_parameters", listings.parameters, "what can be said of a sale"),
    _definition("unitofmeasurements", "list_unit_of_measurement", listings.units, "units"),
    _definition("taxauthorities", "list_tax_authorities", listings.authorities, "who is paid"),
    _definition("taxauthoritytypes", "list_tax_authority_types", listings.authority_types,
                "kinds of them"),
    _definition("filingfrequencies", "list_filing_frequencies", listings.filing_frequencies,
                "how often returns are filed"),
    _definition("securityroles", "list_security_roles", listings.security_roles, "roles of users"),
    _definition("subscriptiontypes", "list_subscription_types", definitions.subscription_types,
                "what can be subscribed to"),
)  # fmt: skip
