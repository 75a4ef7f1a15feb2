"""Five ways to link the same steps."""
