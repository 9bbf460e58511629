"""Files that belong to records: pictures of returns. On this machine's disk; other stores fit the same port."""

from backhaul.adapters.files.disk import DiskFiles
from backhaul.adapters.files.links import Link, Links, ShownFiles

__all__ = ["DiskFiles", "Link", "Links", "ShownFiles"]
