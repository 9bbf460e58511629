"""The command line: run an installation, and look after it. Start with `app`."""

from backhaul.cli.app import main

__all__ = ["main"]
