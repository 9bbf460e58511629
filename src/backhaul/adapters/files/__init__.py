"""Files that belong to records: pictures of returns. On this machine's disk, or in a bucket.

`s3` is not imported here: it needs a package that only those have who asked for it.
"""

from backhaul.adapters.files.disk import DiskFiles
from backhaul.adapters.files.links import Link, Links, ShownFiles

__all__ = ["DiskFiles", "Link", "Links", "ShownFiles"]
