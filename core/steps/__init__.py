"""One business act a file: safe to repeat, knows ports and no vendor, leaves insisting to the model."""
