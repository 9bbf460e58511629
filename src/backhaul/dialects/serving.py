"""What one serving process has at hand; `main` makes it, the routes find it in the app's state."""

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

import msgspec

from backhaul.domain.identity import Authenticator
from backhaul.kernel.clock import Clock
from backhaul.storage.database import Database


class Serving(msgspec.Struct, frozen=True):
    """The process's database, clock and authenticator, and the settings dialects look at."""

    db: Database
    clock: Clock
    authenticator: Authenticator
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    reready_state_follows_example: bool = False

    def remote_address(self, scope: Mapping[str, Any]) -> str | None:
        """Return the caller's address; what a proxy says of it counts only if that proxy is trusted."""
        client = scope.get("client")
        peer: str | None = client[0] if client else None
        if not self.trusted_proxies or peer is None or not self._is_trusted(peer):
            return peer
        for name, value in scope["headers"]:
            if name == b"x-forwarded-for":
                return self._first_stranger(value.decode("latin-1"), peer)
        return peer

    def _first_stranger(self, forwarded: str, peer: str) -> str:
        # Read from the right: everything left of the first address we do not trust may be made up.
        for address in reversed([part.strip() for part in forwarded.split(",")]):
            if not self._is_trusted(address):
                return address
        return peer

    def _is_trusted(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.trusted_proxies)
