"""What a run says to people: its record, and the pages, tables and files made of it."""
