"""ReReady's webhooks: one body, in the newer and the older names (contract §1.7, R10)."""

from uuid import UUID

import msgspec

from backhaul.dialects.reready import older, views
from backhaul.domain.announcing import TRANSFERS, TransferWording, Wordings
from backhaul.domain.transfers.model import Status, Transfer
from backhaul.domain.webhooks import Terms

MAX_ENDPOINTS = 3  # per organization, of both versions together
NEWER, OLDER = "device_transfers", "device_returns"
_NOBODY = UUID(int=0)


class NewerBody(msgspec.Struct, frozen=True):
    """What an endpoint of the version `device_transfers` receives."""

    device_transfer_id: str
    serial_number: str | None
    state: str
    test: bool
    ticket_reference: str | None
    url: str


class OlderBody(msgspec.Struct, frozen=True):
    """What an endpoint of the version `device_returns` receives."""

    device_return_id: str
    serial_number: str | None
    state: str
    test: bool
    ticket_url: str | None
    url: str


class Wording:
    """One version of the body. The state is that of the change, never the example's (R2)."""

    def __init__(self, version: str, *, base_url: str) -> None:
        self._is_older = version == OLDER
        self._page = f"{base_url.rstrip('/')}/api/v1/{version}/"
        self.terms = Terms(wording=version, family=TRANSFERS, max_endpoints=MAX_ENDPOINTS)

    def state(self, transfer: Transfer, status: Status) -> bytes:
        """Say that a transfer entered a status."""
        return self._body(
            transfer.id,
            status,
            serial_number=transfer.device_serial_number,
            ticket=transfer.ticket_reference,
            is_test=False,
        )

    def test(self) -> bytes:
        """Say that a transfer nobody has entered its first state."""
        return self._body(_NOBODY, Status.PENDING_BOX, serial_number=None, ticket=None, is_test=True)

    def _body(
        self,
        transfer_id: UUID,
        status: Status,
        *,
        serial_number: str | None,
        ticket: str | None,
        is_test: bool,
    ) -> bytes:
        state = views.STATES[status]
        if self._is_older:
            state = older.STATES.get(state, state)
        values = (str(transfer_id), serial_number, state, is_test, ticket, f"{self._page}{transfer_id}")
        return msgspec.json.encode(OlderBody(*values) if self._is_older else NewerBody(*values))


def wordings(*, base_url: str) -> Wordings:
    """Return both versions, the newer one first: it is the default (R10)."""
    made: dict[str, TransferWording] = {
        version: Wording(version, base_url=base_url) for version in (NEWER, OLDER)
    }
    return Wordings(made)
