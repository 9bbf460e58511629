"""Imports: a file is checked first, written when somebody says so, and can be taken back."""
