"""Scripted stories: dated acts of people, and what the books must say at the end, to the cent."""
