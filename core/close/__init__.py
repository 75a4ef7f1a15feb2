"""The month-end close: extract of all books, controls, binder."""
