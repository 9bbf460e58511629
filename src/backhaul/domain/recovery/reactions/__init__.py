"""What follows from a new case, and from what happens to its parcels. Steps in the relay's transaction.

Importing this declares them all; one file per kind of event.
"""

from backhaul.domain.recovery.reactions import callbacks, following, sending

__all__ = ["callbacks", "following", "sending"]
