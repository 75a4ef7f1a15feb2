"""SimPy processes of customers and departments, acting on the vendors' systems as people do."""
