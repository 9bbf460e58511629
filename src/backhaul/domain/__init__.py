"""The capabilities of Backhaul, lowest first; each is a folder with the same small files."""
