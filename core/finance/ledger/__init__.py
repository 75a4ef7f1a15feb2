"""The general ledger: chart, posting rules, periods, entities and currencies, as data and pure rules."""
