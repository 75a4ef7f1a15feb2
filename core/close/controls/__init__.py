"""The forty month-end controls, one file each, named by number; the list of all is in `index`."""
