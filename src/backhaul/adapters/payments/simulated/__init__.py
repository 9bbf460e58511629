"""A payment gateway that takes no money: for trying out and for tests. Start with `gateway`.

It behaves as a service elsewhere would: it has its own memory, commits on its own, answers a repeated key
with its first answer even after a crash, and reads reserved words in the reference (see `script`).
"""

from backhaul.adapters.payments.simulated.gateway import SimulatedGateway

__all__ = ["SimulatedGateway"]
