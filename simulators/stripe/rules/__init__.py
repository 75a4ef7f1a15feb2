"""What Stripe remembers and allows, free of HTTP."""
