"""What this mock of AvaTax leaves out, adds, or could not confirm."""

from __future__ import annotations

from simulators.kit.fidelity import Fidelity

FIDELITY = Fidelity(
    not_modelled=(
        (
            "rates of every district and boundaries by street: a state has a few areas by postal code",
            "figures to be compared with a return; two addresses of one postal code with different tax",
        ),
        (
            "thresholds of taxability (price of a garment, caps, bracket schedules, fees, excise)",
            "taxes that depend on the price of one piece",
        ),
        (
            "tax rules about entities, caps, thresholds and parents of tax codes are kept and not applied",
            "a company's finer overrides of taxability",
        ),
        (
            "batches, reports, returns, notices, funding, cross-border duty",
            "mass imports, filing, duties",
        ),
        (
            "reverse charge of purchases (type ReverseChargeInvoice), triangulation, reduced VAT rates",
            "input VAT of purchases from another country",
        ),
        (
            "overrides AccruedTaxAmount, DeriveTaxable, OutOfHarbor, TaxAmountByTaxType, VendorChargedTax",
            "accounts payable automation",
        ),
        (
            "roles of users, licence keys made and revoked, identity tokens: one user with all rights",
            "403 by role; keys that stop working",
        ),
        (
            "street directories: a line with a number is taken for deliverable, coordinates are the area's",
            "undeliverable addresses, +4 postal codes, exact coordinates",
        ),
        (
            "local nexus by city or county, nexus parameters, Streamlined Sales Tax registration",
            "states where only some localities are to be collected for",
        ),
        ("files of certificates, invitations, custom fields", "the certificate wizard and its e-mails"),
    ),
    unconfirmed=(
        "a document voided back to life has the status it had; an uncommitted one is Saved",
        "the number of a second commit (300, DocStatusError) and of unvoiding what is not void (1300)",
        "createoradjust answers 200 also when it creates; lines/add answers 201",
        "a refund is recorded committed, with the date of the sale as tax date",
        "a replaced Saved document keeps its id; an adjusted one gets another",
        "lineAmount and totalAmount are before the document's discount; taxable + exempt + discount = amount",
        "a discount without discounted lines is refused (190): the error pages say so, the guide ignores it",
        "rounding by document gives each line what the running sum has grown by",
        "how a TaxAmount override is shared among lines and jurisdictions",
        "amounts finer than the currency are rounded half up on arrival",
        "inventory transfers are never taxed",
        "rate type and name under reverse charge, and that a foreign VAT number changes nothing",
        "a sale without shipFrom is taken as made from the company's default country",
        "the answers to unknown paths and methods, and the target of each error envelope",
        "texts of deletions; status words of a customer's exemption; customers and certificates: 201",
        "what the value of a tax rule means for base and rate, and that the last matching one counts",
        "what createoradjust answers about a cancelled document",
        "how the totals of a multi-document transaction are verified",
        "bulk lock passes over documents that cannot be locked",
        "a list of nexus, items or companies that is refused midway keeps what came before",
    ),
    ours=(
        "rates, areas and taxability are example data approximated from public tables of 2025",
        "limits of requests: per minute and at once, by options of the deployment; the vendor names none",
        "the tax codes that definitions list are a small part of the vendor's",
    ),
)
