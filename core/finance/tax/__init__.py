"""What tax a document carries, where it is rounded, who has to collect it, and what is exempt."""
