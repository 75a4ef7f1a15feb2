"""The commands of `tieout`, one a file."""
