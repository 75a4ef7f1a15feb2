"""Handlers of customers and their exemption certificates, and of the links between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulators.avatax.routes.amounts import moment
from simulators.avatax.routes.deletions import deleted
from simulators.avatax.routes.listing import filter_of, listed
from simulators.avatax.routes.reading import body, listed_bodies, parsed, path_code, path_number, query
from simulators.avatax.routes.records import FIELDS, given, keep, record, require_sense
from simulators.avatax.rules.exemptions import region_named, require_zone, status_on, zone_of
from simulators.avatax.rules.kinds import CERTIFICATE, CUSTOMER
from simulators.avatax.rules.records import Record
from simulators.avatax.rules.sandbox import Sandbox
from simulators.avatax.wire import setup
from simulators.kit.clock import day
from simulators.kit.table import Call, Reply, json_reply


async def list_customers(sandbox: Sandbox, call: Call) -> Reply:
    """Customers of a company."""
    company = _company(sandbox, call)
    records = sandbox.shelves[CUSTOMER.name].of(company)
    return listed(
        call, records, filter_of(call), FIELDS[CUSTOMER.name], lambda r: _customer(sandbox, call, r)
    )


async def create_customers(sandbox: Sandbox, call: Call) -> Reply:
    """201 with the new customers (the vendor answers 200; unconfirmed for this version)."""
    company = _company(sandbox, call)
    made = [keep(sandbox, CUSTOMER, company, one) for one in listed_bodies(call)]
    return json_reply(201, [_customer(sandbox, call, one) for one in made])


async def get_customer(sandbox: Sandbox, call: Call) -> Reply:
    """One customer by code."""
    return json_reply(200, _customer(sandbox, call, _addressed(sandbox, call)))


async def update_customer(sandbox: Sandbox, call: Call) -> Reply:
    """The customer with all its values replaced."""
    old = _addressed(sandbox, call)
    values = {"customerCode": old.values["customerCode"], **given(CUSTOMER, parsed(call))}
    changed = sandbox.shelves[CUSTOMER.name].change(old.company_id, old.id, values, sandbox.clock.now())
    return json_reply(200, _customer(sandbox, call, changed))


async def delete_customer(sandbox: Sandbox, call: Call) -> Reply:
    """Gone, and no certificate frees it any more."""
    customer = _addressed(sandbox, call)
    sandbox.exemptions.forget_customer(customer)
    sandbox.shelves[CUSTOMER.name].remove(customer.company_id, customer.id)
    return deleted("Customer", [customer.id])


async def customer_certificates(sandbox: Sandbox, call: Call) -> Reply:
    """The certificates linked to a customer."""
    found = sandbox.exemptions.certificates_of(_addressed(sandbox, call))
    return listed(call, found, filter_of(call), FIELDS[CERTIFICATE.name], lambda c: _certificate(sandbox, c))


async def customer_status(sandbox: Sandbox, call: Call) -> Reply:
    """ExemptionStatusModel: whether the customer is free of tax in that state today (words unconfirmed)."""
    customer = _addressed(sandbox, call)
    region = region_named(call.params["region"])
    today = day(sandbox.clock.now()).isoformat()
    code = str(customer.values["customerCode"])
    found = sandbox.exemptions.valid(customer.company_id, code, region, today)
    answer: dict[str, Any] = {"status": "Exempt" if found else "NotExempt"}
    if found:
        answer["certificate"] = _certificate(sandbox, found)
    return json_reply(200, answer)


async def link_certificates(sandbox: Sandbox, call: Call) -> Reply:
    """{"certificates": [numbers]} free this customer."""
    customer = _addressed(sandbox, call)
    found = _certificates(sandbox, customer.company_id, body(call, setup.CertificateLinksBody).certificates)
    for certificate in found:
        sandbox.exemptions.link(certificate, [customer])
    return _all(sandbox, found)


async def unlink_certificates(sandbox: Sandbox, call: Call) -> Reply:
    """They free it no more."""
    customer = _addressed(sandbox, call)
    found = _certificates(sandbox, customer.company_id, body(call, setup.CertificateLinksBody).certificates)
    for certificate in found:
        sandbox.exemptions.unlink(certificate, [customer])
    return _all(sandbox, found)


async def list_certificates(sandbox: Sandbox, call: Call) -> Reply:
    """Certificates of a company."""
    records = sandbox.shelves[CERTIFICATE.name].of(_company(sandbox, call))
    return listed(
        call, records, filter_of(call), FIELDS[CERTIFICATE.name], lambda c: _certificate(sandbox, c)
    )


async def create_certificates(sandbox: Sandbox, call: Call) -> Reply:
    """201 with the new certificates, linked to the customers that their bodies name."""
    company = _company(sandbox, call)
    made = []
    for one in listed_bodies(call):
        values = given(CERTIFICATE, one)
        named = _named_customers(values.pop("customers", ()))
        customers = [sandbox.exemptions.customer(company, code) for code in named]
        require_zone(values) if values.get("exposureZone") else None
        certificate = keep(sandbox, CERTIFICATE, company, values)
        sandbox.exemptions.link(certificate, customers)
        made.append(certificate)
    return _all(sandbox, made, 201)


async def get_certificate(sandbox: Sandbox, call: Call) -> Reply:
    """One certificate by number."""
    return json_reply(200, _certificate(sandbox, _certificate_addressed(sandbox, call)))


async def update_certificate(sandbox: Sandbox, call: Call) -> Reply:
    """The certificate with all its values replaced; its links stay."""
    old = _certificate_addressed(sandbox, call)
    values = given(CERTIFICATE, parsed(call))
    values.pop("customers", None)
    require_sense(sandbox, CERTIFICATE, old.company_id, values)
    require_zone(values) if values.get("exposureZone") else None
    changed = sandbox.shelves[CERTIFICATE.name].change(old.company_id, old.id, values, sandbox.clock.now())
    return json_reply(200, _certificate(sandbox, changed))


async def delete_certificate(sandbox: Sandbox, call: Call) -> Reply:
    """Gone, and frees nobody any more."""
    certificate = _certificate_addressed(sandbox, call)
    sandbox.exemptions.forget_certificate(certificate)
    sandbox.shelves[CERTIFICATE.name].remove(certificate.company_id, certificate.id)
    return deleted("Certificate", [certificate.id])


async def certificate_customers(sandbox: Sandbox, call: Call) -> Reply:
    """The customers linked to a certificate."""
    found = sandbox.exemptions.customers_of(_certificate_addressed(sandbox, call))
    return listed(call, found, filter_of(call), FIELDS[CUSTOMER.name], record)


async def link_customers(sandbox: Sandbox, call: Call) -> Reply:
    """{"customers": [codes]} are freed by this certificate."""
    return _relink(sandbox, call, unlink=False)


async def unlink_customers(sandbox: Sandbox, call: Call) -> Reply:
    """They are freed no more."""
    return _relink(sandbox, call, unlink=True)


async def setup_status(sandbox: Sandbox, call: Call) -> Reply:
    """ProvisionStatusModel: exemption certificates are set up from the start."""
    from_account = sandbox.companies.get(path_number(call, "companyId"))
    return json_reply(200, {"status": "Provisioned", "companyId": from_account.id})


def _relink(sandbox: Sandbox, call: Call, *, unlink: bool) -> Reply:
    certificate = _certificate_addressed(sandbox, call)
    codes = body(call, setup.CustomerLinksBody).customers
    customers = [sandbox.exemptions.customer(certificate.company_id, code) for code in codes]
    if unlink:
        sandbox.exemptions.unlink(certificate, customers)
    else:
        sandbox.exemptions.link(certificate, customers)
    rows = [record(one) for one in customers]
    return json_reply(200, {"@recordsetCount": len(rows), "value": rows})


def _company(sandbox: Sandbox, call: Call) -> int:
    return sandbox.companies.get(path_number(call, "companyId")).id


def _addressed(sandbox: Sandbox, call: Call) -> Record:
    return sandbox.exemptions.customer(_company(sandbox, call), path_code(call, "customerCode"))


def _certificate_addressed(sandbox: Sandbox, call: Call) -> Record:
    return sandbox.shelves[CERTIFICATE.name].get(_company(sandbox, call), path_number(call, "id"))


def _certificates(sandbox: Sandbox, company_id: int, numbers: Sequence[int]) -> list[Record]:
    return [sandbox.shelves[CERTIFICATE.name].get(company_id, number) for number in numbers]


def _named_customers(customers: object) -> list[str]:
    rows = customers if isinstance(customers, list) else []
    codes = []
    for row in rows:
        if isinstance(row, dict):
            codes += [str(value) for name, value in row.items() if name.lower() == "customercode"]
    return codes


def _all(sandbox: Sandbox, certificates: Sequence[Record], status: int = 200) -> Reply:
    rows = [_certificate(sandbox, one) for one in certificates]
    if status == 201:
        return json_reply(status, rows)
    return json_reply(status, {"@recordsetCount": len(rows), "value": rows})


def _customer(sandbox: Sandbox, call: Call, one: Record) -> dict[str, Any]:
    answer = record(one)
    if "certificates" in query(call).get("$include", "").lower():
        linked = sandbox.exemptions.certificates_of(one)
        answer["certificates"] = [_certificate(sandbox, certificate) for certificate in linked]
    return answer


def _certificate(sandbox: Sandbox, one: Record) -> dict[str, Any]:
    """CertificateModel."""
    state = status_on(one, day(sandbox.clock.now()).isoformat())
    region = zone_of(one)
    return {
        **record(one),
        "status": state,
        "ecmStatus": state,
        "exposureZoneName": region,
        "jurisdictions": [{"region": region}] if region else [],
        "customers": [record(customer) for customer in sandbox.exemptions.customers_of(one)],
        "modifiedDate": moment(one.modified_at),
    }
