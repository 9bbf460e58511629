"""Shipping labels, 4 × 6 inches, as PDF and as ZPL II for 203 dpi label printers.

Not a carrier: an adapter says what stands on the label (`LabelSheet`), this package lays it out once and
writes it in both formats. Start with `sheet`, then `layout`.
"""

from backhaul.adapters.labels.files import render_label
from backhaul.adapters.labels.letters import unprintable
from backhaul.adapters.labels.sheet import Barcode, LabelSheet, address_lines, details_of

__all__ = ["Barcode", "LabelSheet", "address_lines", "details_of", "render_label", "unprintable"]
