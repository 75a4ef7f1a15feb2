"""Money in and out after the invoice: application, refunds, disputes, payouts, bank, bad debt, dunning."""
