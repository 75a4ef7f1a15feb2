"""Who need not pay: customers' certificates, and which part of a sale they free."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from simulators.avatax.rules.countries import PROVINCES
from simulators.avatax.rules.records import Record, Shelf
from simulators.avatax.rules.refusal import TaxRefusal, not_found
from simulators.avatax.rules.states import STATES

_ALL, _HUNDRED = Decimal(1), Decimal(100)


class Exemptions:
    """Customers, certificates, and which is linked to which."""

    def __init__(self, customers: Shelf, certificates: Shelf) -> None:
        self._customers, self._certificates = customers, certificates
        self._of_customer: dict[int, dict[int, None]] = {}
        self._of_certificate: dict[int, dict[int, None]] = {}

    def customer(self, company_id: int, code: str) -> Record:
        """By code, in any case."""
        found = self._customers.find(company_id, code)
        if found is None:
            raise not_found("Customer", code)
        return found

    def link(self, certificate: Record, customers: Iterable[Record]) -> None:
        """The certificate frees these customers from now on."""
        for customer in customers:
            self._of_customer.setdefault(customer.id, {})[certificate.id] = None
            self._of_certificate.setdefault(certificate.id, {})[customer.id] = None

    def unlink(self, certificate: Record, customers: Iterable[Record]) -> None:
        """It frees them no more."""
        for customer in customers:
            self._of_customer.get(customer.id, {}).pop(certificate.id, None)
            self._of_certificate.get(certificate.id, {}).pop(customer.id, None)

    def forget_customer(self, customer: Record) -> None:
        """The customer has gone."""
        for certificate_id in self._of_customer.pop(customer.id, {}):
            self._of_certificate[certificate_id].pop(customer.id, None)

    def forget_certificate(self, certificate: Record) -> None:
        """The certificate has gone."""
        for customer_id in self._of_certificate.pop(certificate.id, {}):
            self._of_customer[customer_id].pop(certificate.id, None)

    def certificates_of(self, customer: Record) -> list[Record]:
        """In order of linking."""
        linked = self._of_customer.get(customer.id, {})
        return [self._certificates.get(customer.company_id, number) for number in linked]

    def customers_of(self, certificate: Record) -> list[Record]:
        """In order of linking."""
        linked = self._of_certificate.get(certificate.id, {})
        return [self._customers.get(certificate.company_id, number) for number in linked]

    def valid(self, company_id: int, customer_code: str, region: str, date: str) -> Record | None:
        """The certificate that frees that customer there on that date."""
        customer = self._customers.find(company_id, customer_code)
        if customer is None:
            return None
        for certificate in self.certificates_of(customer):
            if status_on(certificate, date) == "Valid" and region == zone_of(certificate):
                return certificate
        return None


def zone_of(certificate: Record) -> str:
    """The state or province a certificate is good for: a name or a code."""
    zone = certificate.values.get("exposureZone")
    named: Any = zone.get("name") or zone.get("region") if isinstance(zone, dict) else zone
    return region_named(str(named or ""))


def region_named(text: str) -> str:
    """ "Washington" -> "WA"; "" if there is none of that name."""
    upper = text.strip().upper()
    for code, state in STATES.items():
        if upper in (code, state.levy.name):
            return code
    for code, name in PROVINCES.items():
        if upper in (code, name):
            return code
    return ""


def require_zone(values: dict[str, Any]) -> None:
    """A certificate must say for which state it is."""
    zone = values.get("exposureZone")
    named = zone.get("name") or zone.get("region") if isinstance(zone, dict) else zone
    if not named or not region_named(str(named)):
        raise TaxRefusal(
            "ValidationException",
            "The exposure zone is not known.",
            f"'{named}' is no state.",
            "exposureZone",
        )


def status_on(certificate: Record, date: str) -> str:
    """CertificateEcmStatus."""
    values = certificate.values
    if values.get("valid") is False:
        return "Invalid"
    if date < str(values.get("signedDate", ""))[:10]:
        return "PendingFuture"
    last = str(values.get("expirationDate") or "")[:10]
    return "Expired" if last and date > last else "Valid"


def freed_part(certificate: Record) -> Decimal:
    """1 for a full exemption; 0 and 100 both mean that."""
    percentage = Decimal(str(certificate.values.get("exemptPercentage") or 0))
    return percentage / _HUNDRED if 0 < percentage < _HUNDRED else _ALL
