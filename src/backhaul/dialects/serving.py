"""What one serving process has at hand; `main` makes it, the routes find it in the app's state."""

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

import msgspec

from backhaul.domain.identity import Authenticator
from backhaul.domain.recovery.person import Limits, PackingListWriter
from backhaul.kernel.clock import Clock
from backhaul.kernel.internet import Networks
from backhaul.kernel.ports import Ports
from backhaul.storage.database import Database
from backhaul.storage.installation_secrets import KeptSecret
from backhaul.storage.rate_limits import Bucket


def header(scope: Mapping[str, Any], name: bytes) -> str | None:
    """Return a header's first value. Cheaper than Litestar's mapping of all of them, which a request rarely needs."""
    for key, value in scope["headers"]:
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return None


class Serving(msgspec.Struct, frozen=True):
    """The process's database, clock and authenticator, and the settings dialects look at."""

    db: Database
    clock: Clock
    authenticator: Authenticator
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    reready_state_follows_example: bool = False
    unduit_adds_by_get: bool = True  # whether a GET with a body adds people to campaigns (contract Unduit C5)
    callback_networks: Networks = ()  # private networks that a callback URL may lead to
    papers: PackingListWriter | None = None  # None: nobody asks for packing lists
    page_limits: Limits = Limits()  # how often people's pages may be asked for
    boxc_bucket: Bucket = Bucket(
        key="boxc", capacity=30, per_second=2.0
    )  # one for each user (contract BoxC §3.4)
    page_secret: KeptSecret | None = None  # what page tokens are signed with
    ports: Ports = msgspec.field(default_factory=dict)  # of the outside world, what routes need themselves

    def remote_address(self, scope: Mapping[str, Any]) -> str | None:
        """Return the caller's address; what a proxy says of it counts only if that proxy is trusted."""
        client = scope.get("client")
        peer: str | None = client[0] if client else None
        if not self.trusted_proxies or peer is None or not self._is_trusted(peer):
            return peer
        # Some proxies add a line of their own instead of adding to the client's: together they are one list.
        lines = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
        return self._first_stranger(",".join(lines), peer)

    def _first_stranger(self, forwarded: str, peer: str) -> str:
        # Read from the right: everything left of the first address we do not trust may be made up.
        for address in reversed([part.strip() for part in forwarded.split(",")]):
            if address and not self._is_trusted(address):
                return address
        return peer

    def _is_trusted(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped  # how an IPv4 peer looks on a socket that takes both
        return any(parsed in network for network in self.trusted_proxies)
