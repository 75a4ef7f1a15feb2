"""Who is asked when something is held: the desks of a company, by the names that exceptions carry."""

from __future__ import annotations

# A company's own mappings may name further ones; a test keeps this whole for what the code names.
OWNERS = frozenset(
    {
        "AR",
        "FP&A",
        "accounts receivable",
        "billing operations",
        "controller",
        "deal desk",
        "group accounting",
        "integration",
        "master data",
        "payments operations",
        "product operations",
        "revenue accounting",
        "sales operations",
        "tax",
        "treasury",
    }
)
