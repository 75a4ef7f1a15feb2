"""Small honest tables behind the definitions: countries, regions, currencies, reasons, types."""

from __future__ import annotations

from simulators.avatax.rules.countries import EU_COUNTRIES, PROVINCES
from simulators.avatax.rules.states import STATES

# Two letters, three letters, name: those that the rate tables know, and a few that integrations ask for.
_COUNTRIES = """
AT AUT Austria; AU AUS Australia; BE BEL Belgium; BG BGR Bulgaria; BR BRA Brazil; CA CAN Canada;
CH CHE Switzerland; CN CHN China; CY CYP Cyprus; CZ CZE Czechia; DE DEU Germany; DK DNK Denmark;
EE EST Estonia; ES ESP Spain; FI FIN Finland; FR FRA France; GB GBR United Kingdom; GR GRC Greece;
HR HRV Croatia; HU HUN Hungary; IE IRL Ireland; IN IND India; IT ITA Italy; JP JPN Japan;
LT LTU Lithuania; LU LUX Luxembourg; LV LVA Latvia; MT MLT Malta; MX MEX Mexico; NL NLD Netherlands;
NO NOR Norway; NZ NZL New Zealand; PL POL Poland; PT PRT Portugal; RO ROU Romania; SE SWE Sweden;
SG SGP Singapore; SI SVN Slovenia; SK SVK Slovakia; US USA United States of America; ZA ZAF South Africa"""
COUNTRIES = tuple(tuple(entry.split(maxsplit=2)) for entry in _COUNTRIES.split(";"))
EU = frozenset(EU_COUNTRIES)
_UNTAXED_STATES = {
    "AK": "ALASKA", "DE": "DELAWARE", "MT": "MONTANA", "NH": "NEW HAMPSHIRE", "OR": "OREGON",
    "PR": "PUERTO RICO",
}  # fmt: skip
# Members of the Streamlined Sales Tax agreement.
SST = frozenset(
    {
        *("AR", "GA", "IN", "IA", "KS", "KY", "MI", "MN", "NE", "NV", "NJ", "NC", "ND", "OH", "OK", "RI"),
        *("SD", "TN", "UT", "VT", "WA", "WV", "WI", "WY"),
    }
)
# country, code, name, taxable.
REGIONS = tuple(
    sorted(
        [
            *(("US", code, state.levy.name, True) for code, state in STATES.items()),
            *(("US", code, name, False) for code, name in _UNTAXED_STATES.items()),
            *(("CA", code, name, True) for code, name in PROVINCES.items()),
        ]
    )
)
# code, name, decimal digits.
CURRENCIES = (
    ("AUD", "Australian dollar", 2), ("BHD", "Bahraini dinar", 3), ("BRL", "Brazilian real", 2),
    ("CAD", "Canadian dollar", 2), ("CHF", "Swiss franc", 2), ("CNY", "Chinese yuan", 2),
    ("CZK", "Czech koruna", 2), ("DKK", "Danish krone", 2), ("EUR", "Euro", 2), ("GBP", "Pound sterling", 2),
    ("HUF", "Hungarian forint", 2), ("INR", "Indian rupee", 2), ("JPY", "Japanese yen", 0),
    ("KRW", "South Korean won", 0), ("KWD", "Kuwaiti dinar", 3), ("MXN", "Mexican peso", 2),
    ("NOK", "Norwegian krone", 2), ("NZD", "New Zealand dollar", 2), ("PLN", "Polish zloty", 2),
    ("RON", "Romanian leu", 2), ("SEK", "Swedish krona", 2), ("SGD", "Singapore dollar", 2),
    ("USD", "United States dollar", 2), ("ZAR", "South African rand", 2),
)  # fmt: skip
TAX_CODE_TYPES = {
    "D": "Digital", "F": "Freight", "O": "Other", "P": "Product", "S": "Service", "U": "Unknown",
}  # fmt: skip
EXEMPT_REASONS = (
    (1, "RESALE"), (2, "AGRICULTURE"), (3, "INDUSTRIAL PRODUCTION/MANUFACTURERS"), (4, "DIRECT PAY PERMIT"),
    (5, "FEDERAL GOV"), (6, "STATE GOV"), (7, "LOCAL GOVERNMENT"), (8, "CHARITABLE/EXEMPT ORG"),
    (9, "RELIGIOUS ORG"), (10, "EDUCATIONAL ORG"), (11, "OTHER/CUSTOM"),
)  # fmt: skip
TAX_TYPES = {"US": (("S", "Sales"), ("U", "ConsumerUse")), "": (("O", "Output"), ("I", "Input"))}
SUBSCRIPTION_TYPES = ((7, "AvaTaxPro"), (2, "AutoAddress"), (4, "BasicReturns"), (11, "ECMEssentials"))
RATE_TYPES = (("G", "General"), ("S", "Standard"), ("Z", "Zero"), ("R", "ReducedR"), ("F", "Food"))

# group, description, subscription.
TAX_TYPE_GROUPS = (
    ("SalesAndUse", "Sales and use tax", "AvaTaxPro"),
    ("InputAndOutput", "Value added tax and goods and services tax", "AvaTaxPro"),
)
# code, description, group.
TAX_SUB_TYPES = (
    ("S", "Sales tax", "SalesAndUse"), ("U", "Consumer use tax", "SalesAndUse"),
    ("O", "Output tax", "InputAndOutput"), ("I", "Input tax", "InputAndOutput"),
)  # fmt: skip
# name, category, kind of data, of what, description.
PARAMETERS = (
    ("Transport", "Transaction", "String", "Transaction", "Who is responsible for the transport"),
    ("IsMarketplace", "Transaction", "Boolean", "Transaction", "Whether a marketplace sells"),
    ("MiddlemanVatId", "Transaction", "String", "Transaction", "VAT number of the middleman"),
    ("IsTriangulation", "Transaction", "Boolean", "Transaction", "Whether three countries take part"),
    ("Summary", "Product", "String", "Product", "A short description of the product"),
)
UNITS = (
    ("MG", "Milligram", "Mass"), ("KG", "Kilogram", "Mass"), ("LB", "Pound", "Mass"),
    ("L", "Litre", "Volume"),
    ("GAL", "Gallon", "Volume"), ("EA", "Each", "Count"), ("M", "Metre", "Length"),
)  # fmt: skip
FILING_FREQUENCIES = ((77, "Monthly"), (81, "Quarterly"), (83, "SemiAnnually"), (65, "Annually"))
SECURITY_ROLES = ((5, "AccountAdmin"), (6, "AccountUser"), (7, "CompanyAdmin"), (8, "CompanyUser"))
