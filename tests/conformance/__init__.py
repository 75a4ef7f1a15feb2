"""The vendors' own SDKs, unmodified, against the mocks over real HTTP."""
