"""Taxes of whole countries: European VAT, Japan, Australia, Canada's GST, HST and provincial taxes.

Standard rates from public tables of 2025 with their latest changes; example data, not tax advice.
"""

from __future__ import annotations

from decimal import Decimal

from simulators.avatax.rules.rates import Jurisdiction, earlier

# name, rate, earlier rates.
_EU = {
    "AT": ("AUSTRIA", "0.20", ""), "BE": ("BELGIUM", "0.21", ""), "BG": ("BULGARIA", "0.20", ""),
    "CY": ("CYPRUS", "0.19", ""), "CZ": ("CZECH REPUBLIC", "0.21", ""),
    "DE": ("GERMANY", "0.19", "2020-07-01 0.19, 2021-01-01 0.16"), "DK": ("DENMARK", "0.25", ""),
    "EE": ("ESTONIA", "0.24", "2024-01-01 0.20, 2025-07-01 0.22"), "ES": ("SPAIN", "0.21", ""),
    "FI": ("FINLAND", "0.255", "2024-09-01 0.24"), "FR": ("FRANCE", "0.20", "2014-01-01 0.196"),
    "GR": ("GREECE", "0.24", ""), "HR": ("CROATIA", "0.25", ""), "HU": ("HUNGARY", "0.27", ""),
    "IE": ("IRELAND", "0.23", ""), "IT": ("ITALY", "0.22", ""), "LT": ("LITHUANIA", "0.21", ""),
    "LU": ("LUXEMBOURG", "0.17", "2023-01-01 0.17, 2024-01-01 0.16"), "LV": ("LATVIA", "0.21", ""),
    "MT": ("MALTA", "0.18", ""), "NL": ("NETHERLANDS", "0.21", ""), "PL": ("POLAND", "0.23", ""),
    "PT": ("PORTUGAL", "0.23", ""), "RO": ("ROMANIA", "0.21", "2025-08-01 0.19"),
    "SE": ("SWEDEN", "0.25", ""), "SI": ("SLOVENIA", "0.22", ""),
    "SK": ("SLOVAKIA", "0.23", "2025-01-01 0.20"),
}  # fmt: skip
_OTHERS = {
    "AU": ("AUSTRALIA", "0.10", ""), "CA": ("CANADA", "0.05", ""),
    "CH": ("SWITZERLAND", "0.081", "2024-01-01 0.077"), "GB": ("UNITED KINGDOM", "0.20", "2011-01-04 0.175"),
    "JP": ("JAPAN", "0.10", "2014-04-01 0.05, 2019-10-01 0.08"), "NO": ("NORWAY", "0.25", ""),
    "NZ": ("NEW ZEALAND", "0.15", ""), "SG": ("SINGAPORE", "0.09", "2023-01-01 0.07, 2024-01-01 0.08"),
}  # fmt: skip
_NAMES = {"CA": "CANADA GST", "AU": "GST", "NZ": "GST", "SG": "GST"}

EU_COUNTRIES = tuple(_EU)
COUNTRIES: dict[str, Jurisdiction] = {
    code: Jurisdiction(
        "Country", code, name, Decimal(rate), earlier(until), _NAMES.get(code, "Standard Rate")
    )
    for code, (name, rate, until) in {**_EU, **_OTHERS}.items()
}

# Harmonised provinces have one tax for both; the others have their own beside the country's.
_HARMONISED = {
    "NB": ("NEW BRUNSWICK", "0.15", ""), "NL": ("NEWFOUNDLAND AND LABRADOR", "0.15", ""),
    "NS": ("NOVA SCOTIA", "0.14", "2025-04-01 0.15"), "ON": ("ONTARIO", "0.13", ""),
    "PE": ("PRINCE EDWARD ISLAND", "0.15", ""),
}  # fmt: skip
_OWN = {
    "BC": ("BRITISH COLUMBIA", "PST", "0.07"), "MB": ("MANITOBA", "PST", "0.07"),
    "QC": ("QUEBEC", "QST", "0.09975"), "SK": ("SASKATCHEWAN", "PST", "0.06"),
}  # fmt: skip
_NONE = {"AB": "ALBERTA", "NT": "NORTHWEST TERRITORIES", "NU": "NUNAVUT", "YT": "YUKON"}
PROVINCES: dict[str, str] = {
    **{code: name for code, (name, _, _) in _HARMONISED.items()},
    **{code: name for code, (name, _, _) in _OWN.items()},
    **_NONE,
}
HARMONISED: dict[str, Jurisdiction] = {
    code: Jurisdiction("Country", "CA", "CANADA", Decimal(rate), earlier(until), "CANADA HST")
    for code, (_, rate, until) in _HARMONISED.items()
}
PROVINCIAL: dict[str, Jurisdiction] = {
    code: Jurisdiction("State", code, name, Decimal(rate), (), f"{name} {tax}")
    for code, (name, tax, rate) in _OWN.items()
}
# First letter of a Canadian postal code.
PROVINCE_OF_LETTER = {
    "A": "NL", "B": "NS", "C": "PE", "E": "NB", "G": "QC", "H": "QC", "J": "QC", "K": "ON", "L": "ON",
    "M": "ON", "N": "ON", "P": "ON", "R": "MB", "S": "SK", "T": "AB", "V": "BC", "X": "NT", "Y": "YT",
}  # fmt: skip
