"""Revenue of contracts: allocation, schedules, modifications, balances, and what is yet to be earned."""
