"""AvaTax as tax engine: its v2 dialect, the mapping to our words, and the Tax port."""
