"""The bodies of ReReady's webhooks: keys, order and state names of both versions (contract §1.6, §1.7, R10)."""

import pytest

from backhaul.dialects.reready.webhooks import wordings
from backhaul.domain.identity.model import OrgId
from backhaul.domain.transfers.model import Direction, Status, Transfer, TransferId
from backhaul.kernel.ids import UserId, new_id
from tests.conftest import NOON
from tests.making import HOME, OFFICE

NEWER = {
    Status.PENDING_BOX: "pending_box_shipment",
    Status.BOX_IN_TRANSIT: "pending_box_shipment_delivery",
    Status.PENDING_DEVICE: "pending_device_shipment",
    Status.DEVICE_IN_TRANSIT: "pending_device_shipment_delivery",
    Status.COMPLETE: "complete",
    Status.FAILED: "failed",
    Status.NOT_RETURNED: "not_returned",
    Status.CANCELLED: "failed",
}
OLDER = NEWER | {
    Status.PENDING_BOX: "pending_outbound_shipment",
    Status.BOX_IN_TRANSIT: "pending_outbound_shipment_delivery",
    Status.PENDING_DEVICE: "pending_return_shipment",
    Status.DEVICE_IN_TRANSIT: "pending_return_shipment_delivery",
}
ID = TransferId(new_id())
WORDINGS = wordings(base_url="https://backhaul.example/")


def transfer(**changes):
    values = {
        "id": ID, "org_id": OrgId(new_id()), "direction": Direction.RETURN, "status": Status.COMPLETE,
        "user_id": UserId(new_id()), "user_email": "a@b.example", "organization_address": OFFICE,
        "employee_address": HOME,
        "device_type": "laptop", "device_make": None, "device_model": None, "device_serial_number": None,
        "device_condition": None, "box_carrier": None, "is_box_rush": False, "is_box_waived": False,
        "device_carrier": None, "is_device_rush": False, "insured_minor": 0, "pickup_wish": None, "plan_code": None,
        "ticket_reference": None, "is_muted": False, "sender_ready_at": None, "reminders_due": 0,
        "next_reminder_at": None, "give_up_at": None, "created_at": NOON, "updated_at": NOON, "version": 1,
    }  # fmt: skip
    return Transfer(**{**values, **changes})


@pytest.mark.parametrize("status", Status)
def test_every_status_has_its_state_in_the_newer_words(status):
    body = WORDINGS.of_transfers["device_transfers"].state(transfer(), status)
    assert body.decode() == (
        f'{{"device_transfer_id":"{ID}","serial_number":null,"state":"{NEWER[status]}","test":false,'
        f'"ticket_reference":null,"url":"https://backhaul.example/api/v1/device_transfers/{ID}"}}'
    )


@pytest.mark.parametrize("status", Status)
def test_every_status_has_its_state_in_the_older_words(status):
    body = WORDINGS.of_transfers["device_returns"].state(transfer(), status)
    assert body.decode() == (
        f'{{"device_return_id":"{ID}","serial_number":null,"state":"{OLDER[status]}","test":false,'
        f'"ticket_url":null,"url":"https://backhaul.example/api/v1/device_returns/{ID}"}}'
    )


def test_serial_number_and_ticket_are_told_as_they_were_given():
    body = WORDINGS.of_transfers["device_returns"].state(
        transfer(device_serial_number='Ü"1', ticket_reference="https://desk.example/7"), Status.FAILED
    )
    assert '"serial_number":"Ü\\"1"' in body.decode()
    assert '"ticket_url":"https://desk.example/7"' in body.decode()


def test_both_versions_share_three_endpoints_and_the_newer_is_named_first():
    terms = [wording.terms for wording in WORDINGS.of_transfers.values()]
    assert [(one.wording, one.family, one.max_endpoints) for one in terms] == [
        ("device_transfers", "transfers", 3),
        ("device_returns", "transfers", 3),
    ]
