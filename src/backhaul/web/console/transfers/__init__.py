"""Transfers: the list, one transfer with all that belongs to it, what can be done with it, and a new one."""
