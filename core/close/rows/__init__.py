"""Rows of the books as a close reads them, in the core's own words: one file an area."""
