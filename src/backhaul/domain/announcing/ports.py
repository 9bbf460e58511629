"""How news is worded: one wording for each version an endpoint can ask for."""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from backhaul.domain.transfers.model import Status, Transfer
from backhaul.domain.webhooks import Catalog, Message, Terms

TRANSFERS = "transfers"  # the family of endpoints that follow transfers
STATE_TOPIC = "transfer.state"


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


class Wordings(msgspec.Struct, frozen=True):
    """The wordings this installation knows, by name."""

    of_transfers: Mapping[str, TransferWording]

    def find(self, wording: str) -> TransferWording | None:
        """Return a wording, or None when it is no longer offered."""
        return self.of_transfers.get(wording)

    def catalog(self) -> Catalog:
        """Return the terms of all wordings."""
        return Catalog({name: wording.terms for name, wording in self.of_transfers.items()})


def state_message(body: bytes) -> Message:
    """Return the message that carries a transfer's state."""
    return Message(topic=STATE_TOPIC, body=body)
