"""The integration core: moves facts between CRM, billing, tax, payments and ERP."""
