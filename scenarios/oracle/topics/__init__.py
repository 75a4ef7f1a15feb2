"""One adapter a topic: from a case's inputs to the product's own interface and back."""
