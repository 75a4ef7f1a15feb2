"""AvaTax's shapes on the wire: request bodies and the error envelope."""
