"""A simulation of USPS, UPS, FedEx, DHL Express and Sendle: develop, test and demonstrate without an account.

It is no mock: numbers carry true check digits, labels scan, parcels travel by the clock and can be told to
fail by a word in their reference (docs/simulation.md). It keeps nothing: all it says follows from what it
is asked. Start with `carrier`, then `journey`.
"""

from backhaul.adapters.carriers.simulated.carrier import SimulatedCarrier

__all__ = ["SimulatedCarrier"]
