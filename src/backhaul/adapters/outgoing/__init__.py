"""Outgoing HTTP to addresses that strangers choose: nothing but the public internet, one request, no surprises.

Not here: what is sent and when (webhooks). Start with `connecting`, which decides what may be connected to; `calling`
makes one request on it.
"""

from backhaul.adapters.outgoing.calling import Answered, CallFailed, CallLimits, SafeCaller
from backhaul.adapters.outgoing.connecting import AddressRefused, CheckedBackend, SystemResolver
from backhaul.adapters.outgoing.courier import HttpCourier
from backhaul.adapters.outgoing.identity_provider import OidcProvider

__all__ = [
    "AddressRefused",
    "Answered",
    "CallFailed",
    "CallLimits",
    "CheckedBackend",
    "HttpCourier",
    "OidcProvider",
    "SafeCaller",
    "SystemResolver",
]
