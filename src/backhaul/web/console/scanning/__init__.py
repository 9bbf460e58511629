"""Scan first: one box, and whatever is scanned into it leads straight to the thing it means."""
