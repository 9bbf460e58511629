"""Campaigns: listed, made, filled with people from a file or the directory, and watched."""
