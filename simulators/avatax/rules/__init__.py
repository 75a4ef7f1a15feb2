"""What AvaTax remembers and allows: places, rates, nexus, tax documents and their lives."""
