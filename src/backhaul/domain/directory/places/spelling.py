"""How a place is written: cleaned here, or refused with a sentence for each value."""

import msgspec

from backhaul.domain.directory.places.model import LocationDetails
from backhaul.domain.identity.spelling import MAX_EMAIL_LENGTH, folded_email, is_email
from backhaul.kernel.addresses import PHONE_SHAPE, Address, is_phone
from backhaul.kernel.countries import is_country
from backhaul.kernel.errors import FieldProblem
from backhaul.kernel.writing import is_writable

MAX_NAME = 200
MAX_EMAILS = 10
# The longest value of each part, as for people's addresses.
LONGEST = {
    "name": 100,
    "attention": 100,
    "line_1": 200,
    "line_2": 200,
    "city": 100,
    "state_code": 100,
    "postal_code": 32,
    "country_code": 2,
    "phone": 32,
}
NEEDED = ("line_1", "city", "country_code")


def clean_location(details: LocationDetails) -> tuple[LocationDetails, list[FieldProblem]]:
    """Return a location's details without surrounding space, and everything that is wrong with them.

    An address without any value is none. Paths are the names of fields, `address.city`.
    """
    name, problems = clean_name(details.name)
    address = None if details.address is None else _trimmed(details.address)
    if address is not None and not any(getattr(address, part) for part in address.__struct_fields__):
        address = None
    if address is not None:
        problems += _address_problems(address)
    return msgspec.structs.replace(details, name=name, address=address), problems


def clean_name(name: str) -> tuple[str, list[FieldProblem]]:
    """Return a place's name without surrounding space, and what is wrong with it."""
    name = name.strip()
    return name, _text_problems("name", name, MAX_NAME, is_needed=True)


def _trimmed(address: Address) -> Address:
    given = {part: (getattr(address, part) or "").strip() for part in LONGEST}
    trimmed = {part: value or ("" if part in NEEDED else None) for part, value in given.items()}
    return msgspec.structs.replace(
        address,
        **{**trimmed, "country_code": given["country_code"].upper()},
        notification_emails=tuple(email.strip() for email in address.notification_emails if email.strip()),
    )


def _address_problems(address: Address) -> list[FieldProblem]:
    problems: list[FieldProblem] = []
    for part, longest in LONGEST.items():
        value = getattr(address, part) or ""
        problems += _text_problems(f"address.{part}", value, longest, is_needed=part in NEEDED)
    if address.country_code and not is_country(address.country_code):
        text = "must be an ISO 3166-1 alpha-2 country code like US"
        problems.append(FieldProblem("address.country_code", "directory.country_unknown", text))
    if address.phone is not None and not is_phone(address.phone):
        problems.append(FieldProblem("address.phone", "directory.phone_shape", PHONE_SHAPE))
    emails = address.notification_emails
    is_good = all(
        len(email) <= MAX_EMAIL_LENGTH and is_writable(email) and is_email(folded_email(email))
        for email in emails
    )
    if len(emails) > MAX_EMAILS or not is_good:
        text = f"must be at most {MAX_EMAILS} e-mail addresses like it@example.com"
        problems.append(FieldProblem("address.notification_emails", "directory.email_shape", text))
    return problems


def _text_problems(path: str, value: str, longest: int, *, is_needed: bool) -> list[FieldProblem]:
    if not value:
        return [FieldProblem(path, "missing", "can't be blank")] if is_needed else []
    if len(value) > longest:
        return [FieldProblem(path, "directory.too_long", f"may have at most {longest} characters")]
    if not is_writable(value):
        text = "may not contain line breaks or other control characters"
        return [FieldProblem(path, "directory.unwritable", text)]
    return []
