"""How news is worded: one wording for each version an endpoint can ask for."""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from backhaul.domain import reshipping, returns
from backhaul.domain.shipping.events import ParcelMoved
from backhaul.domain.transfers.model import Status, Transfer
from backhaul.domain.webhooks import Catalog, Endpoint, Message, Terms

TRANSFERS = "transfers"  # the family of endpoints that follow transfers
STATE_TOPIC = "transfer.state"
PARCELS = "parcels"  # the family of endpoints that follow what lies in a warehouse and is sent on from there
RETURN_TOPIC, RESHIPMENT_TOPIC = "return.status", "reshipment.status"
SHIPMENT_TOPIC = "shipment.status"  # how a carrier moves what is sent on


class TransferWording(Protocol):
    """Words what happens to transfers, in one version of a dialect. The bytes it returns are sent as they are."""

    @property
    def terms(self) -> Terms: ...

    def state(self, transfer: Transfer, status: Status) -> bytes:
        """Say that a transfer entered a status. It may have left it since."""
        ...

    def test(self) -> bytes:
        """Say something that nobody can take for news."""
        ...


class ParcelWording(Protocol):
    """Words what happens to returns, reshipments and their parcels, in one version of a dialect."""

    @property
    def terms(self) -> Terms: ...

    def returned(self, one: returns.Return, status: returns.Status) -> bytes:
        """Say that a return entered a status. It may have left it since."""
        ...

    def reshipped(self, one: reshipping.Reshipment) -> bytes:
        """Say that a reshipment entered a status, was estimated, or dispatched: how it stood then."""
        ...

    def carried(self, one: reshipping.Reshipment, moved: ParcelMoved) -> bytes:
        """Say how the carrier moved a dispatched reshipment."""
        ...

    def test(self, topic: str) -> bytes:
        """Say something that nobody can take for news."""
        ...


class Wordings(msgspec.Struct, frozen=True):
    """The wordings this installation knows, by name."""

    of_transfers: Mapping[str, TransferWording]
    of_parcels: Mapping[str, ParcelWording] = {}

    def find(self, wording: str) -> TransferWording | None:
        """Return a wording, or None when it is no longer offered."""
        return self.of_transfers.get(wording)

    def find_test(self, endpoint: Endpoint) -> Message | None:
        """Return a test message for an endpoint, or None when its wording is no longer offered."""
        of_transfers = self.of_transfers.get(endpoint.wording)
        if of_transfers is not None:
            return state_message(of_transfers.test())
        of_parcels = self.of_parcels.get(endpoint.wording)
        if of_parcels is None:
            return None
        topic = endpoint.topic or RETURN_TOPIC
        return Message(topic=topic, body=of_parcels.test(topic))

    def catalog(self) -> Catalog:
        """Return the terms of all wordings."""
        return Catalog(
            {
                **{name: wording.terms for name, wording in self.of_transfers.items()},
                **{name: wording.terms for name, wording in self.of_parcels.items()},
            }
        )


def state_message(body: bytes) -> Message:
    """Return the message that carries a transfer's state."""
    return Message(topic=STATE_TOPIC, body=body)
