"""What sales does in the CRM: accounts, opportunities, quotes with lines, won deals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.finance.ledger.entities import ONE_COMPANY, Routing
from scenarios.lifecycles.hands import SALESFORCE, Hands
from scenarios.lifecycles.people import Company

_TYPES = {
    "new": "New Business",
    "amendment": "Amendment",
    "renewal": "Renewal",
    "cancellation": "Cancellation",
    "suspension": "Suspension",
    "resumption": "Resumption",
}
# Everything else is quoted as an amendment.
_QUOTES = {"new": "Quote", "renewal": "Renewal"}
_FREQUENCIES = {1: "Monthly", 3: "Quarterly", 6: "Semiannual", 12: "Annual"}


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """price: per seat and billing period, major units; prior: seats before; months: 0 for what is billed
    once; alone: the catalogue's own price, where the line belongs to a bundle."""

    sku: str
    quantity: int
    prior: int
    price: Decimal
    months: int
    alone: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Deal:
    """key: of the opportunity; original: of the first one; end: None for an evergreen one."""

    key: str
    kind: str
    original: str
    start: date
    end: date | None
    lines: tuple[QuoteLine, ...]


class Sales:
    """One sales department. product_ids: SKU to the CRM's record id; routing: who sells where."""

    def __init__(self, hands: Hands, product_ids: dict[str, str], routing: Routing = ONE_COMPANY) -> None:
        self._hands, self._product_ids, self._routing = hands, product_ids, routing
        self._account_ids: dict[str, str] = {}
        # Quote lines of what is delivered once, by deal and product.
        self._services: dict[tuple[str, str], str] = {}

    async def create_account(self, company: Company, terms: str) -> None:
        """A new customer; terms "Card" or "Net 30"."""
        tax = {"VAT_Number__c": company.vat_number} if company.vat_number else {}
        segment = {"Segment__c": company.segment} if company.segment else {}
        made = await self._create(
            "Account",
            {
                **tax,
                **segment,
                "Name": company.name,
                "External_Id__c": company.key,
                "CurrencyIsoCode": company.currency,
                "BillingStreet": company.street,
                "BillingCity": company.city,
                "BillingState": company.region,
                "BillingPostalCode": company.postal_code,
                "BillingCountry": company.country,
                "Email__c": company.email,
                "Payment_Terms__c": terms,
                **self._seller(company),
            },
        )
        self._account_ids[company.key] = made

    def _seller(self, company: Company) -> dict[str, str]:
        """Which of our entities signs with the customer."""
        if not self._routing.entities:
            return {}
        return {"Legal_Entity__c": self._routing.route(company.country).key}

    async def win(self, company: Company, deal: Deal, today: date) -> None:
        """Opportunity, primary quote, lines, accepted, closed won."""
        account = self._account_ids[company.key]
        opportunity = await self._create("Opportunity", self._opportunity(company, deal, account, today))
        quote = {
            "SBQQ__Opportunity2__c": opportunity,
            "SBQQ__Account__c": account,
            "SBQQ__Primary__c": True,
            "SBQQ__Status__c": "Draft",
            "SBQQ__Type__c": _QUOTES.get(deal.kind, "Amendment"),
            "SBQQ__StartDate__c": deal.start.isoformat(),
            "CurrencyIsoCode": company.currency,
        }
        if deal.end is not None:
            quote["SBQQ__EndDate__c"] = deal.end.isoformat()
        quote_id = await self._create("SBQQ__Quote__c", quote)
        for number, line in enumerate(deal.lines, start=1):
            made = await self._create("SBQQ__QuoteLine__c", self._line(quote_id, number, line))
            if not line.months:
                self._services[deal.key, line.sku] = made
        await self._patch(f"SBQQ__Quote__c/{quote_id}", {"SBQQ__Status__c": "Accepted"})
        closing = {"StageName": "Closed Won", "SBQQ__PrimaryQuote__c": quote_id}
        await self._patch(f"Opportunity/{opportunity}", closing)

    async def deliver(self, deal: str, sku: str, on: date) -> None:
        """The customer accepts what was to be delivered once; KeyError if the deal has no such line."""
        line = self._services[deal, sku]
        await self._patch(f"SBQQ__QuoteLine__c/{line}", {"Delivered_On__c": on.isoformat()})

    async def lose(self, company: Company, deal: Deal, today: date) -> None:
        """A renewal that the customer does not want."""
        account = self._account_ids[company.key]
        opportunity = await self._create("Opportunity", self._opportunity(company, deal, account, today))
        await self._patch(f"Opportunity/{opportunity}", {"StageName": "Closed Lost"})

    def _opportunity(self, company: Company, deal: Deal, account: str, today: date) -> dict[str, object]:
        fields: dict[str, object] = {
            "Name": f"{company.name} {deal.kind}"[:120],
            "External_Id__c": deal.key,
            "AccountId": account,
            "StageName": "Proposal/Price Quote",
            "CloseDate": today.isoformat(),
            "Type": _TYPES[deal.kind],
            "CurrencyIsoCode": company.currency,
            "Service_Start__c": deal.start.isoformat(),
        }
        if deal.end is not None:
            fields["Service_End__c"] = deal.end.isoformat()
        if deal.original != deal.key:
            fields["Original_Opportunity__c"] = deal.original
        return fields

    def _line(self, quote: str, number: int, line: QuoteLine) -> dict[str, object]:
        fields: dict[str, object] = {
            "SBQQ__Quote__c": quote,
            "SBQQ__Product__c": self._product_ids[line.sku],
            "SBQQ__Quantity__c": line.quantity,
            "SBQQ__PriorQuantity__c": line.prior,
            "SBQQ__NetPrice__c": line.price,
            "SBQQ__Number__c": number,
        }
        if line.months:
            fields["SBQQ__BillingFrequency__c"] = _FREQUENCIES[line.months]
        else:
            fields["SBQQ__ChargeType__c"] = "One-Time"
        if line.alone is not None:
            fields["SBQQ__ListPrice__c"] = line.alone
        return fields

    async def _create(self, kind: str, fields: dict[str, object]) -> str:
        made = await self._hands.call("salesforce", "POST", f"{SALESFORCE}/sobjects/{kind}", json_body=fields)
        return str(made["id"])

    async def _patch(self, path: str, fields: Mapping[str, object]) -> None:
        await self._hands.call("salesforce", "PATCH", f"{SALESFORCE}/sobjects/{path}", json_body=fields)
