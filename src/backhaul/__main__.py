"""`python -m backhaul`."""

from backhaul.cli import main

main()
