"""Products and prices, invoices, subscriptions, meters and test clocks: the state and its refusals."""
