"""The PostgreSQL that comes with Backhaul: its cluster, its server, its private socket.

Not a general supervisor: one cluster per data directory, no TCP, no settings beyond what one installation
needs; any other PostgreSQL is reached through its URL and never passes here. Start with `server`;
`postmaster` holds the rule by which a running server is recognised, and `place` the one by which its folder
is chosen.
"""

from backhaul.storage.embedded.errors import EmbeddedServerRefused
from backhaul.storage.embedded.server import EmbeddedServer, discard, start

__all__ = ["EmbeddedServer", "EmbeddedServerRefused", "discard", "start"]
