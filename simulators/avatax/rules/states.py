"""Rates of the United States, approximated by us from public tables of 2025; example data, not tax advice.

Simplified: one local rate where a state has many districts, and software as a service reduced to one
taxed share a state. Alaska, Delaware, Montana, New Hampshire and Oregon have no state sales tax.
"""

from __future__ import annotations

from simulators.avatax.rules.rates import State, area, city, county, special, state

_CA_LOCAL = special("CASL", "LOCAL TAX SL", "0.01")
_OTHERS, _OTHER_CITIES = "OTHER COUNTIES", "OTHER CITIES"

_WITH_AREAS: dict[str, State] = {
    "AZ": state("04", "ARIZONA", "0.056", "1", "34.27 -111.66", (
        area("850", "PHOENIX", "33.4484 -112.0740", county("013", "MARICOPA", "0.007"),
             city("PX", "PHOENIX", "0.028", "2025-07-01 0.023")),
        area("857", "TUCSON", "32.2226 -110.9747", county("019", "PIMA", "0.005"),
             city("TU", "TUCSON", "0.026")),
    ), (county("000", _OTHERS, "0.008"), city("000", _OTHER_CITIES, "0.02")), origin=True),
    "CA": state("06", "CALIFORNIA", "0.06", "0", "37.18 -119.47", (
        area("900 901", "LOS ANGELES", "34.0522 -118.2437", county("037", "LOS ANGELES", "0.0025"),
             _CA_LOCAL, special("LASP", "LOS ANGELES DISTRICT TAX SP", "0.025", "2025-04-01 0.0225")),
        area("941", "SAN FRANCISCO", "37.7749 -122.4194", county("075", "SAN FRANCISCO", "0.0025"),
             _CA_LOCAL, special("SFSP", "SAN FRANCISCO DISTRICT TAX SP", "0.01375")),
        area("951", "SAN JOSE", "37.3382 -121.8863", county("085", "SANTA CLARA", "0.0025"), _CA_LOCAL,
             special("SCSP", "SANTA CLARA DISTRICT TAX SP", "0.02125")),
        area("926 927 928", "IRVINE, ANAHEIM, SANTA ANA", "33.6846 -117.8265",
             county("059", "ORANGE", "0.0025"), _CA_LOCAL,
             special("EMAZ", "ORANGE COUNTY DISTRICT TAX SP", "0.005")),
    ), (county("000", _OTHERS, "0.0025"), _CA_LOCAL, special("SP", "DISTRICT TAX SP", "0.01"))),
    "CO": state("08", "COLORADO", "0.029", "0", "39.00 -105.55", (
        area("802", "DENVER", "39.7392 -104.9903", city("DE", "DENVER", "0.0515", "2025-01-01 0.0481"),
             special("RTD", "DENVER RTD", "0.01")),
    ), (county("000", _OTHERS, "0.045"),)),
    "FL": state("12", "FLORIDA", "0.06", "0", "28.63 -82.45", (
        area("331", "MIAMI, AVENTURA", "25.7617 -80.1918", county("086", "MIAMI-DADE", "0.01")),
        area("328", "ORLANDO", "28.5384 -81.3789", county("095", "ORANGE", "0.005")),
    ), (county("000", _OTHERS, "0.01"),)),
    "GA": state("13", "GEORGIA", "0.04", "0", "32.64 -83.44", (
        area("303", "ATLANTA", "33.7490 -84.3880", county("121", "FULTON", "0.03"),
             city("AT", "ATLANTA", "0.019")),
    ), (county("000", _OTHERS, "0.035"),)),
    "IL": state("17", "ILLINOIS", "0.0625", "0", "40.04 -89.20", (
        area("606", "CHICAGO", "41.8781 -87.6298", county("031", "COOK", "0.0175"),
             city("ARAV0", "CHICAGO", "0.0125"),
             special("AQOF", "REGIONAL TRANSPORT. AUTHORITY (RTA)", "0.01"),
             assigned="016-0001-1 CHICAGO"),
    ), (county("000", _OTHERS, "0.01"),), origin=True),
    "MA": state("25", "MASSACHUSETTS", "0.0625", "1", "42.26 -71.81"),
    "NJ": state("34", "NEW JERSEY", "0.06625", "0", "40.19 -74.67"),
    "NY": state("36", "NEW YORK", "0.04", "1", "42.95 -75.53", (
        area("100 101 102 103 104 111 112 113 114 116",
             "NEW YORK, NEW YORK CITY, BROOKLYN, BRONX, QUEENS, STATEN ISLAND", "40.7128 -74.0060",
             city("51000", "NEW YORK CITY", "0.045"),
             special("MCTD", "METROPOLITAN COMMUTER TRANSPORTATION DISTRICT", "0.00375"), assigned="8081"),
        area("142", "BUFFALO", "42.8864 -78.8784", county("029", "ERIE", "0.0475")),
    ), (county("000", _OTHERS, "0.04"),)),
    "OH": state("39", "OHIO", "0.0575", "1", "40.29 -82.79", (
        area("441", "CLEVELAND", "41.4993 -81.6944", county("035", "CUYAHOGA", "0.0225")),
        area("432", "COLUMBUS", "39.9612 -82.9988", county("049", "FRANKLIN", "0.0225",
                                                           "2025-04-01 0.0175")),
        area("452", "CINCINNATI", "39.1031 -84.5120", county("061", "HAMILTON", "0.0205")),
    ), (county("000", _OTHERS, "0.015"),), origin=True),
    "PA": state("42", "PENNSYLVANIA", "0.06", "1", "40.88 -77.80", (
        area("191", "PHILADELPHIA", "39.9526 -75.1652", city("PH", "PHILADELPHIA", "0.02")),
        area("152", "PITTSBURGH", "40.4406 -79.9959", county("003", "ALLEGHENY", "0.01")),
    ), origin=True),
    "TN": state("47", "TENNESSEE", "0.07", "1", "35.86 -86.35", (
        area("372", "NASHVILLE", "36.1627 -86.7816", county("037", "DAVIDSON", "0.0275",
                                                           "2025-02-01 0.0225")),
        area("381", "MEMPHIS", "35.1495 -90.0490", county("157", "SHELBY", "0.0275")),
    ), (county("000", _OTHERS, "0.025"),), origin=True),
    "TX": state("48", "TEXAS", "0.0625", "0.8", "31.48 -99.33", (
        area("787", "AUSTIN", "30.2672 -97.7431", city("AU", "AUSTIN", "0.01"),
             special("6015664", "AUSTIN MTA", "0.01")),
        area("752 753", "DALLAS", "32.7767 -96.7970", city("DA", "DALLAS", "0.01"),
             special("6057994", "DALLAS MTA", "0.01")),
        area("770 771 772", "HOUSTON", "29.7604 -95.3698", city("HO", "HOUSTON", "0.01"),
             special("6101990", "HOUSTON MTA", "0.01")),
    ), (city("000", _OTHER_CITIES, "0.02"),), origin=True),
    "WA": state("53", "WASHINGTON", "0.065", "1", "47.38 -120.45", (
        area("981", "SEATTLE", "47.6062 -122.3321",
             city("63000", "SEATTLE", "0.0385", "2024-04-01 0.0375"), assigned="1726"),
        area("98110", "BAINBRIDGE ISLAND", "47.6262 -122.5212",
             city("03736", "BAINBRIDGE ISLAND", "0.027", "2018-04-01 0.025"), assigned="1804"),
        area("984", "TACOMA", "47.2529 -122.4443", city("TA", "TACOMA", "0.038"), assigned="2717"),
    ), (city("000", _OTHER_CITIES, "0.028"),)),
}  # fmt: skip

# fips, name, state rate, one local rate for all, taxed share of software, middle; "o": taxed at origin.
_PLAIN = """
AL 01 ALABAMA 0.04 0.05 0 32.79 -86.83; AR 05 ARKANSAS 0.065 0.029 0 34.90 -92.44
CT 09 CONNECTICUT 0.0635 0 1 41.62 -72.73; DC 11 DISTRICT_OF_COLUMBIA 0.06 0 1 38.91 -77.01
HI 15 HAWAII 0.04 0.005 1 20.29 -156.37; ID 16 IDAHO 0.06 0 0 44.35 -114.61
IN 18 INDIANA 0.07 0 0 39.89 -86.28; IA 19 IOWA 0.06 0.01 1 42.08 -93.50
KS 20 KANSAS 0.065 0.022 0 38.49 -98.38; KY 21 KENTUCKY 0.06 0 1 37.53 -85.30
LA 22 LOUISIANA 0.05 0.051 1 31.07 -92.00; ME 23 MAINE 0.055 0 0 45.37 -69.24
MD 24 MARYLAND 0.06 0 1 39.05 -76.79; MI 26 MICHIGAN 0.06 0 0 44.35 -85.41
MN 27 MINNESOTA 0.06875 0.012 0 46.28 -94.31; MS 28 MISSISSIPPI 0.07 0.001 1 32.74 -89.67 o
MO 29 MISSOURI 0.04225 0.042 0 38.36 -92.46 o; NE 31 NEBRASKA 0.055 0.015 0 41.53 -99.80
NV 32 NEVADA 0.0685 0.014 0 39.33 -116.63; NM 35 NEW_MEXICO 0.04875 0.027 1 34.41 -106.11
NC 37 NORTH_CAROLINA 0.0475 0.0225 0 35.56 -79.39; ND 38 NORTH_DAKOTA 0.05 0.02 0 47.45 -100.47
OK 40 OKLAHOMA 0.045 0.045 0 35.59 -97.49; RI 44 RHODE_ISLAND 0.07 0 1 41.68 -71.56
SC 45 SOUTH_CAROLINA 0.06 0.015 1 33.92 -80.90; SD 46 SOUTH_DAKOTA 0.042 0.019 1 44.44 -100.23
UT 49 UTAH 0.0485 0.024 1 39.31 -111.67 o; VT 50 VERMONT 0.06 0.004 1 44.07 -72.67
VA 51 VIRGINIA 0.043 0.01 0 37.52 -78.85 o; WV 54 WEST_VIRGINIA 0.06 0.005 1 38.64 -80.62
WI 55 WISCONSIN 0.05 0.007 0 44.62 -89.99; WY 56 WYOMING 0.04 0.014 0 43.00 -107.55"""
# Louisiana's rate rose in 2025.
_ROSE = {"LA": "2025-01-01 0.0445"}


def _plain(line: str) -> tuple[str, State]:
    code, fips, name, rate, local, software, latitude, longitude, *origin = line.split()
    levies = (county("000", _OTHERS, local),) if local != "0" else ()
    row = state(fips, name.replace("_", " "), rate, software, f"{latitude} {longitude}", (), levies,
                origin=bool(origin), until=_ROSE.get(code, ""))  # fmt: skip
    return code, row


# Where a fresh sandbox's company collects.
NEXUS_STATES = tuple(_WITH_AREAS)
STATES: dict[str, State] = {
    **_WITH_AREAS,
    **dict(_plain(line) for line in _PLAIN.replace("\n", ";").split(";") if line.strip()),
}
