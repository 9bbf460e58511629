"""What can be done with a transfer, one file per verb."""

from backhaul.domain.transfers.operations.address import change_address, is_address_open
from backhaul.domain.transfers.operations.cancel import cancel_order, cancel_transfer
from backhaul.domain.transfers.operations.each import MOST_AT_ONCE, Outcome, cancel_each, mute_each
from backhaul.domain.transfers.operations.give_up import give_up, mark_not_returned
from backhaul.domain.transfers.operations.pickup import cancel_pickup, possible_pickup_days, schedule_pickup
from backhaul.domain.transfers.operations.place import Repeatable, place_order, place_transfer
from backhaul.domain.transfers.operations.readdress import readdress_order, readdress_parcels
from backhaul.domain.transfers.operations.remind import mute_reminders, remind

__all__ = [
    "MOST_AT_ONCE",
    "Outcome",
    "Repeatable",
    "cancel_each",
    "cancel_order",
    "cancel_pickup",
    "cancel_transfer",
    "change_address",
    "give_up",
    "is_address_open",
    "mark_not_returned",
    "mute_each",
    "mute_reminders",
    "place_order",
    "place_transfer",
    "possible_pickup_days",
    "readdress_order",
    "readdress_parcels",
    "remind",
    "schedule_pickup",
]
