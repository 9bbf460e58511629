"""Saved views: shown with the filters of each list, and managed on a page of their own."""
