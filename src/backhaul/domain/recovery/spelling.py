"""How campaigns and people in them are written: cleaned here, or refused with a sentence each."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from backhaul.domain.directory import Details, check_details
from backhaul.domain.directory.addresses import examine
from backhaul.domain.directory.model import PostalAddress
from backhaul.domain.directory.spelling import clean_details
from backhaul.domain.identity.spelling import clean_email
from backhaul.domain.recovery.model import (
    MAX_CASES_AT_ONCE,
    MAX_ITEMS,
    NewCampaign,
    NewCase,
    NewItem,
    Reason,
    ReturnAddress,
    Shipping,
)
from backhaul.domain.webhooks import check_url
from backhaul.kernel.addresses import PHONE_SHAPE, is_phone
from backhaul.kernel.countries import is_country
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.internet import Networks

MAX_NAME, MAX_DESCRIPTION, MAX_TEXT = 200, 2000, 200
LAST_YEAR = 2999  # of a start: further, no calendar of reminders goes
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_ITEM_TEXTS = ("name", "serial_number", "tag", "imei", "custom_1", "custom_2")


def clean_campaign(new: NewCampaign) -> NewCampaign:
    """Return a campaign's details without surrounding space, or refuse everything that is wrong with them."""
    texts = {
        name: (getattr(new, name) or "").strip() or None
        for name in ("description", "country_code", "helpdesk_email", "owner_email")
    }
    clean = msgspec.structs.replace(new, name=" ".join(new.name.split()), **texts)
    problems = list(_campaign_problems(clean))
    if problems:
        raise InvalidInput(problems)
    return clean


def require_order(starts_on: date, deadline_on: date | None) -> None:
    """Refuse a deadline before the start."""
    if deadline_on is not None and deadline_on < starts_on:
        text = "must not be before the start"
        raise InvalidInput([FieldProblem("deadline_on", "recovery.deadline_order", text)])


def require_start(starts_on: date) -> None:
    """Refuse a start that no calendar reaches."""
    problems = list(_start_problems(starts_on))
    if problems:
        raise InvalidInput(problems)


def _start_problems(starts_on: date | None) -> Iterator[FieldProblem]:
    if starts_on is not None and starts_on.year > LAST_YEAR:
        text = f"must not be after the year {LAST_YEAR}"
        yield FieldProblem("starts_on", "recovery.start_too_late", text)


def _campaign_problems(new: NewCampaign) -> Iterator[FieldProblem]:
    if not new.name:
        yield FieldProblem("name", "missing", "can't be blank")
    yield from _too_long("name", new.name, MAX_NAME)
    yield from _too_long("description", new.description, MAX_DESCRIPTION)
    if new.country_code is not None and not is_country(new.country_code):
        yield _country_unknown("country_code")
    if new.helpdesk_email is not None:
        try:
            clean_email(new.helpdesk_email)
        except InvalidInput:
            text = "must be an e-mail address like help@example.com"
            yield FieldProblem("helpdesk_email", "recovery.email_shape", text)
    yield from _start_problems(new.starts_on)
    if new.starts_on and new.deadline_on and new.deadline_on < new.starts_on:
        yield FieldProblem("deadline_on", "recovery.deadline_order", "must not be before the start")
    for position, place in enumerate(new.return_addresses):
        yield from _place_problems(place, f"return_addresses[{position}]")


def _place_problems(place: ReturnAddress, path: str) -> Iterator[FieldProblem]:
    if not is_country(place.address.country_code):
        yield _country_unknown(f"{path}.address.country_code")
    if place.phone is not None and not is_phone(place.phone):
        yield FieldProblem(f"{path}.phone", "recovery.phone_shape", PHONE_SHAPE)
    if not place.packages:
        yield FieldProblem(f"{path}.packages", "recovery.packages_missing", "must have at least one package")
    for number, package in enumerate(place.packages):
        size = package.size
        measures = (size.length_mm, size.width_mm, size.height_mm, size.weight_grams, package.quantity)
        if not package.device.strip() or min(measures) < 1:
            text = "must have a device, a quantity, a weight and three lengths above zero"
            yield FieldProblem(f"{path}.packages[{number}]", "recovery.package_shape", text)


def clean_case(new: NewCase) -> NewCase:
    """Return a case's details without surrounding space, an empty optional value as None."""
    person = clean_details(_details(new))
    return msgspec.structs.replace(
        new,
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        phone=new.phone.strip(),
        address=person.address,
        callback_url=(new.callback_url or "").strip() or None,
        reason_note=(new.reason_note or "").strip() or None,
        items=tuple(_clean_item(item) for item in new.items),
    )


def check_case(new: NewCase, *, allowed: Networks = ()) -> list[FieldProblem]:
    """Return everything recovery refuses in these details. `allowed` are private networks that may be called back."""
    clean = clean_case(new)
    problems = check_details(_details(clean))
    problems += _person_problems(clean, {problem.path for problem in problems})
    problems += _shipping_problems(clean, allowed)
    problems += _reason_problems(clean)
    problems += _items_problems(clean.items)
    return problems


def is_doubtful(address: PostalAddress) -> bool:
    """Return whether a postal code is none of its country, by its rules. Who lives there may know better."""
    _, warnings = examine(address)
    return any(warning.part == "postal_code" for warning in warnings)


def check_many(many: Sequence[NewCase], *, most: int = MAX_CASES_AT_ONCE) -> list[FieldProblem]:
    """Return what is wrong with a list as a whole: how long it is, and who is in it twice."""
    if not 1 <= len(many) <= most:
        text = f"must have 1 to {most} entries, not {len(many)}"
        return [FieldProblem("", "recovery.list_length", text)]
    seen: set[str] = set()
    problems = []
    for position, new in enumerate(many):
        key = new.email.strip().lower()
        if key in seen:
            text = "must not be in the list twice"
            problems.append(FieldProblem(f"[{position}].email", "recovery.person_twice", text))
        seen.add(key)
    return problems


def _person_problems(new: NewCase, refused: set[str]) -> Iterator[FieldProblem]:
    if not new.phone:
        yield FieldProblem("phone", "missing", "can't be blank")
    elif not is_phone(new.phone):
        yield FieldProblem("phone", "recovery.phone_shape", PHONE_SHAPE)
    if not {"address.country_code", "address.state"} & refused and new.address.state is not None:
        yield from _state_problems(new.address)


def _state_problems(address: PostalAddress) -> Iterator[FieldProblem]:
    _, warnings = examine(address)
    if ("state", "invalid") in {(warning.part, warning.code) for warning in warnings}:
        text = f"must be a state of {address.country_code}, by its code or name"
        yield FieldProblem("address.state", "recovery.state_unknown", text)


def _shipping_problems(new: NewCase, allowed: Networks) -> list[FieldProblem]:
    if new.callback_url is not None:
        return check_url(new.callback_url, path="callback_url", allowed=allowed)
    if new.shipping is Shipping.LABEL:
        return [FieldProblem("callback_url", "missing", "can't be blank")]
    return []


def _reason_problems(new: NewCase) -> Iterator[FieldProblem]:
    if new.reason is Reason.OTHER and new.reason_note is None:
        yield FieldProblem("reason_note", "missing", "can't be blank")
    yield from _too_long("reason_note", new.reason_note, MAX_DESCRIPTION)


def _items_problems(items: Sequence[NewItem]) -> Iterator[FieldProblem]:
    if not items:
        yield FieldProblem("items", "missing", "can't be blank")
    if len(items) > MAX_ITEMS:
        text = f"must have at most {MAX_ITEMS} entries, not {len(items)}"
        yield FieldProblem("items", "recovery.too_many_items", text)
    for position, item in enumerate(items):
        if not item.name:
            yield FieldProblem(f"items[{position}].name", "missing", "can't be blank")
        for name in _ITEM_TEXTS:
            yield from _too_long(f"items[{position}].{name}", getattr(item, name), MAX_TEXT)


def _too_long(path: str, value: str | None, longest: int) -> Iterator[FieldProblem]:
    if value is not None and len(value) > longest:
        yield FieldProblem(path, "recovery.too_long", f"may have at most {longest} characters")
    elif value is not None and _UNWRITABLE.search(value):
        text = "may not contain line breaks or other control characters"
        yield FieldProblem(path, "recovery.unwritable", text)


def _country_unknown(path: str) -> FieldProblem:
    return FieldProblem(
        path, "recovery.country_unknown", "must be an ISO 3166-1 alpha-2 country code like US"
    )


def _clean_item(item: NewItem) -> NewItem:
    texts = {name: (getattr(item, name) or "").strip() or None for name in _ITEM_TEXTS}
    return msgspec.structs.replace(item, **{**texts, "name": texts["name"] or ""})


def _details(new: NewCase) -> Details:
    return Details(first_name=new.first_name, last_name=new.last_name, email=new.email, address=new.address)
