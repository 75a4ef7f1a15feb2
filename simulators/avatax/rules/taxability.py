"""What is sold and to whom: categories of tax codes, what each state leaves untaxed, who is exempt."""

from __future__ import annotations

from decimal import Decimal

from simulators.avatax.rules.states import STATES

GOODS, SOFTWARE, SERVICES, NOTHING = "goods", "software", "services", "nothing"
FREIGHT, CLOTHING, FOOD = "freight", "clothing", "food"
DEFAULT_TAX_CODE = "P0000000"

# The first letters are the vendor's, the grouping is ours. The longest prefix counts.
_PREFIXES = {
    "SW": SOFTWARE, "D": SOFTWARE, "NT": NOTHING, "OC": NOTHING, "S": SERVICES, "FR": FREIGHT,
    "PC": CLOTHING, "PF": FOOD,
}  # fmt: skip
# Example data of 2025: where a category is not taxed. Thresholds (a garment's price) are not played.
_UNTAXED = {
    kind: frozenset(states.split())
    for kind, states in {
        FREIGHT: "AZ CA CO FL IA ID LA MA MD ME MO NV OK UT VA WY",
        CLOTHING: "NJ PA RI VT",
        FOOD: "AZ CA CO CT DC FL GA IA IN KS KY LA MA MD ME MI MN NC ND NE NJ NM NV NY OH OK PA RI SC TX VT "
        "WA WI WV WY",
    }.items()
}
_ALL, _NONE = Decimal(1), Decimal(0)

# The vendor's default set. MED1 and MED2 are for the medical device tax only and exempt nobody here.
ENTITY_USE_CODES = {
    "A": "Federal government", "B": "State government", "C": "Tribe/Status Indian/Indian Band",
    "D": "Foreign diplomat", "E": "Charitable or benevolent organization", "F": "Religious organization",
    "G": "Resale", "H": "Commercial agricultural production", "I": "Industrial production/manufacturer",
    "J": "Direct pay permit", "K": "Direct mail", "L": "Other or custom", "M": "Educational organization",
    "N": "Local government", "P": "Commercial aquaculture", "Q": "Commercial fishery", "R": "Non-resident",
    "MED1": "US MDET with exempt sales tax", "MED2": "US MDET with taxable sales tax",
    "TAXABLE": "Non-exempt taxable customer",
}  # fmt: skip
TAXABLE_USES = frozenset({"TAXABLE", "MED1", "MED2"})
EXEMPT_USES = frozenset(ENTITY_USE_CODES) - TAXABLE_USES

# System tax codes as definitions/taxcodes lists them: a small part of the vendor's thousands.
SYSTEM_TAX_CODES = {
    "P0000000": ("P", "Tangible personal property (TPP)"),
    "PC040100": ("P", "Clothing and related products (business-to-customer) - general"),
    "PF050001": ("P", "Food and food ingredients for home consumption"),
    "PB100000": ("P", "Books, general"),
    "PC030000": ("P", "Computer hardware"),
    "D0000000": ("D", "Digital goods"),
    "DC020500": ("D", "Computer software downloaded, prewritten"),
    "SW050000": ("D", "Cloud services, general"),
    "SW052000": ("D", "Cloud services - software as a service (SaaS), business use"),
    "SW052001": ("D", "Cloud services - software as a service (SaaS), personal use"),
    "S0000000": ("S", "Services, general"),
    "SP140000": ("S", "Professional services"),
    "SM000000": ("S", "Maintenance services"),
    "FR000000": ("F", "Freight, general"),
    "FR010000": ("F", "Delivery by company vehicle"),
    "FR020100": ("F", "Shipping only, by common carrier"),
    "FR030000": ("F", "Handling only"),
    "OC030000": ("O", "Coupons, third party"),
    "OD010000": ("O", "Discounts, retailer"),
    "O9999999": ("O", "Temporary unmapped other"),
    "NT": ("O", "Non-taxable product"),
}


def category(tax_code: str) -> str:
    """What a tax code stands for."""
    code = tax_code.upper()
    return _PREFIXES.get(code[:2]) or _PREFIXES.get(code[:1]) or GOODS


def taxed_share(kind: str, country: str, region: str) -> Decimal:
    """The part of a charge of that category that is taxed there."""
    if kind == NOTHING:
        return _NONE
    if country != "US" or kind == GOODS:
        return _ALL
    if kind == SERVICES:
        return _NONE
    if kind == SOFTWARE:
        state = STATES.get(region)
        return state.software if state else _ALL
    return _NONE if region in _UNTAXED[kind] else _ALL
