"""From a posted form to one call of the domain, step by step."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

import msgspec

from backhaul.domain.directory import PostalAddress
from backhaul.domain.recovery import person
from backhaul.domain.recovery.person import Choice, GoneReason, Linked
from backhaul.domain.recovery.person.errors import ParcelUnavailable
from backhaul.domain.transfers.errors import PickupDateRefused, TransferMoveRefused
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage.database import Database

Fields = Mapping[str, str]
Chosen = TypeVar("Chosen", bound=StrEnum)

MAX_NUMBER_LENGTH = 3


class Posted(msgspec.Struct, frozen=True, kw_only=True):
    """A form and all that its step needs."""

    db: Database
    linked: Linked
    fields: Fields
    client: str
    now: datetime


async def address(it: Posted) -> None:
    """Confirm or correct the address."""
    given = {name: it.fields.get(name, "") for name in PostalAddress.__struct_fields__}
    await person.correct_address(
        it.db,
        linked=it.linked,
        address=PostalAddress(**given),
        is_certain=it.fields.get("is_certain") == "1",
        now=it.now,
    )


async def choice(it: Posted) -> None:
    """Choose how things are sent."""
    chosen = _one_of(Choice, it.fields, "choice", "Choose one of the ways.")
    await person.choose(it.db, linked=it.linked, choice=chosen, now=it.now)


async def gone(it: Posted) -> None:
    """Say that a thing is gone, or that it turned up."""
    position = _number(it.fields, "item")
    if it.fields.get("withdraw"):
        await person.withdraw_claim(it.db, linked=it.linked, position=position, now=it.now)
        return
    reason = _one_of(GoneReason, it.fields, "reason", "Choose what happened to it.")
    await person.claim_item(
        it.db,
        linked=it.linked,
        position=position,
        reason=reason,
        note=it.fields.get("note"),
        now=it.now,
    )


async def pickup(it: Posted) -> None:
    """Book a pickup, or call it off."""
    parcel = _number(it.fields, "parcel")
    try:
        if it.fields.get("cancel"):
            await person.call_pickup_off(it.db, linked=it.linked, parcel=parcel, now=it.now)
        else:
            await _book(it, parcel)
    except TransferMoveRefused:
        raise ParcelUnavailable from None  # its words are for those who know what a transfer is
    except PickupDateRefused:
        raise _problem("day", "Nobody comes on that day. Choose one of these.") from None


async def _book(it: Posted, parcel: int) -> None:
    try:
        day = date.fromisoformat(it.fields.get("day", "")[:10])
    except ValueError:
        raise _problem("day", "Choose a day.") from None
    await person.book_pickup(
        it.db,
        linked=it.linked,
        parcel=parcel,
        on_date=day,
        instructions=it.fields.get("instructions"),
        now=it.now,
    )


async def reminders(it: Posted) -> None:
    """Stop reminders, or have them again."""
    await person.set_reminders(it.db, linked=it.linked, is_wanted=it.fields.get("wanted") == "1", now=it.now)


async def signature(it: Posted) -> None:
    """Sign the hand-over."""
    await person.sign(
        it.db,
        linked=it.linked,
        full_name=it.fields.get("full_name", ""),
        has_agreed=it.fields.get("agreed") == "1",
        shown_sha256=it.fields.get("text_sha256", ""),
        client=it.client,
        now=it.now,
    )


STEPS: dict[str, Callable[[Posted], Awaitable[None]]] = {
    "address": address,
    "choice": choice,
    "gone": gone,
    "pickup": pickup,
    "reminders": reminders,
    "signature": signature,
}


def _one_of(kind: type[Chosen], fields: Fields, name: str, text: str) -> Chosen:
    try:
        return kind(fields.get(name, ""))
    except ValueError:
        raise _problem(name, text) from None


def _number(fields: Fields, name: str) -> int:
    text = fields.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_NUMBER_LENGTH):
        raise _problem(name, "Send this form from the page.")
    return int(text)


def _problem(path: str, text: str) -> InvalidInput:
    return InvalidInput([FieldProblem(path, "recovery.form", text)])
