"""Papers for people, on office paper: the packing list of a parcel. Labels have a package of their own."""

from backhaul.adapters.papers.packing import PaperWriter

__all__ = ["PaperWriter"]
