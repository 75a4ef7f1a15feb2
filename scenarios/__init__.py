"""The lab: plays customers against core and mocks in virtual time, with faults, and judges the books."""
