"""Labels bought elsewhere: Backhaul prints an address slip, and an operator pastes the carrier's number.

Not a carrier account: nothing is asked of any carrier, so there are no rates, no tracking and no pickups.
Start with `carrier`.
"""

from backhaul.adapters.carriers.manual.carrier import ManualCarrier

__all__ = ["ManualCarrier"]
