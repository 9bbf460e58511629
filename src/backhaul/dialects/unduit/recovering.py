"""From bodies to campaigns and the people in them, by the rules of this contract (§2.5); recovery's own come on top."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from backhaul.dialects.unduit.checking import Check
from backhaul.dialects.unduit.people import BRITAIN, country_of
from backhaul.domain.directory.model import PostalAddress
from backhaul.domain.recovery import NewCampaign, NewCase, NewItem, Reason, Shipping, check_case
from backhaul.domain.recovery.model import MAX_CASES_AT_ONCE, MAX_ITEMS
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.internet import Networks

MAX_LIMIT = 100
SHIPPING_OPTIONS = {"send_recovery_kit": Shipping.KIT, "create_prepaid_shipping_label": Shipping.LABEL}
REASONS = {1: Reason.REFRESH, 2: Reason.BREAK_FIX, 3: Reason.OFFBOARDING, 4: Reason.OTHER}

# Recovery's names of fields → this contract's.
CAMPAIGN_NAMES = {"name": "campaign_name"}
_NAMES = {
    "first_name": "firstname",
    "last_name": "lastname",
    "address.line_1": "address_line_1",
    "address.line_2": "address_line_2",
    "address.city": "city",
    "address.state": "state",
    "address.postal_code": "zip",
    "address.country_code": "country",
    "reason_note": "recovery_reason_note",
}
ITEM_NAMES = {
    "name": "item",
    "serial_number": "item_serial_no",
    "tag": "item_asset_id",
    "imei": "item_imei",
    "custom_1": "custom_field_1",
    "custom_2": "custom_field_2",
}
_MARKS: dict[bool, tuple[int | str | None, ...]] = {
    True: (1, True, "1", "true"),
    False: (0, False, "0", "false", "", None),
}
_IN_ITEM = re.compile(r"(items\[\d+\]\.)(\w+)")


class Addition(msgspec.Struct, frozen=True):
    """Who is to be added to which campaign."""

    campaign_number: str
    new: NewCase


class Additions(msgspec.Struct, frozen=True):
    """The same of many."""

    campaign_number: str
    many: tuple[NewCase, ...]


def campaign_of(values: Mapping[str, Any]) -> NewCampaign:
    """Return the campaign of `campaign/create`, or refuse everything that is wrong with it."""
    check = Check(values)
    new = NewCampaign(
        name=check.text("campaign_name", is_required=True) or "", description=check.text("description")
    )
    check.done()
    return new


def addition_of(values: Mapping[str, Any], *, allowed: Networks) -> Addition:
    """Return who is to be added, or refuse everything that is wrong with it."""
    check = Check(values)
    number = check.digits("campaign_number", is_required=True)
    new = _case(check, values, allowed)
    check.done()
    return Addition(number or "", new)


def additions_of(values: Mapping[str, Any], *, allowed: Networks) -> Additions:
    """Return all who are to be added; one bad row refuses all."""
    check = Check(values)
    number = check.digits("campaign_number", is_required=True)
    users = _list(check, values, "users", most=MAX_CASES_AT_ONCE)
    many, problems, seen = [], check.problems, set()
    for position, row in enumerate(users):
        within = f"users[{position}]"
        if not isinstance(row, dict):
            problems.append(FieldProblem(within, "type", "must be an object"))
            continue
        below = Check(row, within=f"{within}.")
        repeated = below.digits("campaign_number")
        if repeated is not None and repeated != number:
            below.refuse("campaign_number", "agreement", "must be that of the whole list")
        new = _case(below, row, allowed)
        if new.email.lower() in seen:
            below.refuse("email", "twice", "must not be in the list twice")
        seen.add(new.email.lower())
        many.append(new)
        problems += below.problems
    if problems:
        raise InvalidInput(problems)
    return Additions(number or "", tuple(many))


def _case(check: Check, values: Mapping[str, Any], allowed: Networks) -> NewCase:
    """Read one person; what is wrong is noted in `check`."""
    country = country_of(check)
    shipping = check.choice("shipping_option", SHIPPING_OPTIONS, shown=", ".join(SHIPPING_OPTIONS))
    new = NewCase(
        email=check.text("email", is_required=True) or "",
        first_name=check.text("firstname", is_required=True) or "",
        last_name=check.text("lastname", is_required=True) or "",
        phone=_phone(check, values),
        address=PostalAddress(
            line_1=check.text("address_line_1", is_required=True) or "",
            line_2=check.text("address_line_2"),
            city=check.text("city", is_required=True) or "",
            state=check.text("state", is_required=country != BRITAIN),
            postal_code=check.text("zip", is_required=True),
            country_code=country or "",
        ),
        shipping=shipping or Shipping.KIT,  # contract C11
        callback_url=check.text("callback_url"),
        reason=_reason(check, values),
        reason_note=check.text("recovery_reason_note"),
        items=_items(check, values),
    )
    _add_problems_of_recovery(check, new, allowed)
    return new


def _add_problems_of_recovery(check: Check, new: NewCase, allowed: Networks) -> None:
    told = {problem.path for problem in check.problems}
    is_items_told = any(path.startswith(f"{check.within}items") for path in told)
    for problem in check_case(new, allowed=allowed):
        path = check.within + _IN_ITEM.sub(_named, _NAMES.get(problem.path, problem.path))
        if path not in told and not (is_items_told and problem.path == "items"):
            check.problems.append(FieldProblem(path, problem.code, problem.text))


def _named(match: re.Match[str]) -> str:
    return match[1] + ITEM_NAMES.get(match[2], match[2])


def _phone(check: Check, values: Mapping[str, Any]) -> str:
    if isinstance(values.get("phone"), int):  # contract C13
        return check.digits("phone", is_required=True) or ""
    return check.text("phone", is_required=True) or ""


def _reason(check: Check, values: Mapping[str, Any]) -> Reason | None:
    value = values.get("recovery_reason")
    if value is None or value == "":
        return None
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
    if isinstance(number, bool) or not isinstance(number, int) or number not in REASONS:
        check.refuse("recovery_reason", "inclusion", f"must be one of {', '.join(map(str, REASONS))}")
        return None
    return REASONS[number]


def _items(check: Check, values: Mapping[str, Any]) -> tuple[NewItem, ...]:
    items = []
    for position, row in enumerate(_list(check, values, "items", most=MAX_ITEMS)):
        within = f"{check.within}items[{position}]"
        if not isinstance(row, dict):
            check.problems.append(FieldProblem(within, "type", "must be an object"))
            items.append(NewItem(name=within))  # keeps the places of those behind it
            continue
        below = Check(row, within=f"{within}.")
        items.append(
            NewItem(
                name=below.text("item", is_required=True) or "",
                serial_number=below.text("item_serial_no"),
                tag=below.text("item_asset_id"),
                imei=below.text("item_imei"),
                custom_1=below.text("custom_field_1"),
                custom_2=below.text("custom_field_2"),
                is_legal_hold=_mark(below),
            )
        )
        check.problems += below.problems
    return tuple(items)


def _mark(item: Check) -> bool:
    """Return whether a court may ask for the thing. What is neither yes nor no is refused: a mark must not get lost."""
    value = item.sent("is_legal_hold")
    for meant, spellings in _MARKS.items():
        if any(value == one and isinstance(value, type(one)) for one in spellings):
            return meant
    item.refuse("is_legal_hold", "inclusion", "must be 1 or 0")
    return False


def _list(check: Check, values: Mapping[str, Any], name: str, *, most: int) -> list[Any]:
    value = values.get(name)
    if value is None or value == []:
        check.refuse(name, "missing", "can't be blank")
    elif not isinstance(value, list):
        check.refuse(name, "type", "must be a list")
    elif len(value) > most:
        check.refuse(name, "length", f"must have at most {most} entries, not {len(value)}")
    else:
        return value
    return []
