"""Ways to hand text messages over: a folder of files, the simulator.

Not here: what is written to whom (`domain/notify`).
"""

from backhaul.adapters.texting.folder import TextFolder
from backhaul.adapters.texting.kept import KeptTexts

__all__ = ["KeptTexts", "TextFolder"]
