"""Writes docs/fidelity.md from the tables: what each mock models, what it leaves out, what is unconfirmed.

python -m simulators.fidelity [FILE]
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from simulators.kit.mock import Vendor
from simulators.kit.table import Route
from simulators.roster import VENDORS

_PLACE = Path("docs/fidelity.md")
_HEAD = """# What each mock models

Made from the mocks' own tables by `python -m simulators.fidelity`; a test keeps it true. *Modelled* lists
every path that answers; what stands under *not modelled* is refused or absent; *unconfirmed* facts have no
public source that we found; *ours* is what the vendor itself does not have.
"""


def document() -> str:
    """The whole page, Markdown."""
    return "\n".join([_HEAD, _summary(VENDORS.values()), *(_chapter(v) for v in VENDORS.values())])


def _summary(vendors: Iterable[Vendor]) -> str:
    rows = [
        f"| [{v.title}](#{_anchor(v.title)}) | {len(v.table)} |"
        f" {len(v.fidelity.not_modelled)} | {len(v.fidelity.unconfirmed)} |"
        for v in vendors
    ]
    return "\n".join(["| mock | operations | not modelled | unconfirmed |", "|---|---|---|---|", *rows, ""])


def _chapter(vendor: Vendor) -> str:
    fidelity = vendor.fidelity
    lines = [f"## {vendor.title}", "", "### Modelled", "", "| path | what |", "|---|---|"]
    for path, routes in groupby(sorted(vendor.table, key=_place), key=lambda route: route.path):
        own = list(routes)
        methods = ", ".join(route.method for route in own)
        says = "; ".join(dict.fromkeys(route.summary for route in own))
        lines.append(f"| `{methods} {path}` | {_cell(says)} |")
    lines += ["", "### Not modelled", "", "| what | what that hides |", "|---|---|"]
    lines += [f"| {_cell(what)} | {_cell(hides)} |" for what, hides in fidelity.not_modelled]
    for title, facts in (("Unconfirmed", fidelity.unconfirmed), ("Ours, not the vendor's", fidelity.ours)):
        lines += ["", f"### {title}", "", *(f"- {fact}" for fact in facts or ("nothing",))]
    return "\n".join([*lines, ""])


def _place(route: Route) -> tuple[str, str]:
    return route.path, route.method


def _anchor(title: str) -> str:
    kept = "".join(c for c in title.lower() if c.isalnum() or c in " -")
    return kept.replace(" ", "-")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main(args: list[str]) -> int:
    """Write the page; 0."""
    place = Path(args[0]) if args else _PLACE
    place.write_text(document(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
