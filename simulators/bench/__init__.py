"""What the mocks cost over real HTTP, beside a control that does nothing."""
