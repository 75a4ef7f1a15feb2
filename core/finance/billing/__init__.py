"""What a subscription costs: proration, changes, suspension, co-terming, renewals, ramps and trials."""
