"""Bodies of what surrounds the documents: companies, nexus, configuration, links."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from simulators.avatax.wire.requests import AddressBody, Shape


class NexusBody(Shape):
    """NexusModel, as far as the caller may choose."""

    country: str
    region: str = ""
    juris_code: str = ""
    juris_name: str = ""
    effective_date: str = ""
    end_date: str = ""
    nexus_type_id: str = ""
    local_nexus_type_id: str = ""
    tax_id: str = ""
    has_permanent_establishment: bool = True


class NexusByAddressBody(AddressBody):
    """DeclareNexusByAddressModel."""

    effective_date: str = ""
    end_date: str = ""


class CompanyBody(Shape):
    """CompanyModel, as far as it is kept; nexus: declared along with it."""

    company_code: str = Field(min_length=1, max_length=25)
    name: str = Field(min_length=1, max_length=50)
    default_country: str = "US"
    base_currency_code: str = "USD"
    is_default: bool = False
    is_active: bool = True
    is_test: bool = True
    has_profile: bool = True
    is_reporting_entity: bool = False
    is_fein: bool = False
    taxpayer_id_number: str = ""
    business_identification_no: str = ""
    parent_company_id: int | None = None
    rounding_level_id: str = "Line"
    nexus: tuple[NexusBody, ...] = ()
    locations: tuple[dict[str, Any], ...] = ()
    contacts: tuple[dict[str, Any], ...] = ()
    items: tuple[dict[str, Any], ...] = ()
    tax_codes: tuple[dict[str, Any], ...] = ()
    settings: tuple[dict[str, Any], ...] = ()


class CompanyInitializationBody(AddressBody):
    """CompanyInitializationModel: a company with its first contact and location."""

    name: str
    company_code: str
    taxpayer_id_number: str = ""
    vat_registration_id: str = ""
    is_fein: bool = False
    first_name: str
    last_name: str
    title: str = ""
    email: str
    phone_number: str
    mobile_number: str = ""
    fax_number: str = ""
    parent_company_id: int | None = None


class ResetLicenceBody(Shape):
    """ResetLicenseKeyModel."""

    account_id: int = 0
    confirm_reset_license_key: bool = False


class ConfigurationBody(Shape):
    """CompanyConfigurationModel."""

    category: str
    name: str
    value: str = ""


class CertificateLinksBody(Shape):
    """LinkCertificatesModel."""

    certificates: tuple[int, ...]


class CustomerLinksBody(Shape):
    """LinkCustomersModel."""

    customers: tuple[str, ...]
