"""The laws of the books: pure functions from evidence to verdict, one law a file."""
