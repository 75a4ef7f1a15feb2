"""Sockets, processes and files: the parts of real time."""
