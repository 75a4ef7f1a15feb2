"""Versions of mappings that are wrong on purpose: what promotes a mapping has to refuse each of them."""
