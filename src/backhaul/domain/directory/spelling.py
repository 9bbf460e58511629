"""How an employee's details are written: cleaned here, or refused with a sentence each."""

import re
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from backhaul.domain.directory.model import Details, PostalAddress
from backhaul.domain.identity.spelling import MAX_EMAIL_LENGTH, folded_email, is_email
from backhaul.kernel.countries import is_country
from backhaul.kernel.errors import FieldProblem
from backhaul.kernel.writing import is_writable

# The longest value of each text; those of names are the schema's.
LONGEST = {
    "first_name": 100,
    "last_name": 100,
    "email": MAX_EMAIL_LENGTH,
    "phone": 32,
    "phone_country": 100,
    "location_name": 200,
    "department_name": 200,
    "manager_email": MAX_EMAIL_LENGTH,
}
LONGEST_OF_ADDRESS = {
    "line_1": 200,
    "line_2": 200,
    "city": 100,
    "state": 100,
    "postal_code": 32,
    "country_code": 2,
}
NEEDED = ("first_name", "last_name", "email")
NEEDED_OF_ADDRESS = ("line_1", "city", "country_code")

_PHONE = re.compile(r"[0-9]+")

Written = TypeVar("Written", Details, PostalAddress)


def clean_details(details: Details) -> Details:
    """Return the details without surrounding space, an empty optional value as None, the country in capitals."""
    address = _trimmed(details.address, LONGEST_OF_ADDRESS, NEEDED_OF_ADDRESS)
    return msgspec.structs.replace(
        _trimmed(details, LONGEST, NEEDED),
        address=msgspec.structs.replace(address, country_code=address.country_code.upper()),
    )


def check_details(details: Details) -> list[FieldProblem]:
    """Return everything the directory refuses in these details: what is blank, too long or cannot be one.

    Paths are the names of fields, `address.city`. Who has the address already, and whether the manager exists, only
    the database can tell.
    """
    clean = clean_details(details)
    problems = [
        *_text_problems(clean, LONGEST, NEEDED, ""),
        *_text_problems(clean.address, LONGEST_OF_ADDRESS, NEEDED_OF_ADDRESS, "address."),
    ]
    refused = {problem.path for problem in problems}
    problems += [problem for problem in _shape_problems(clean) if problem.path not in refused]
    return problems


def _trimmed(one: Written, names: dict[str, int], needed: tuple[str, ...]) -> Written:
    given = {name: getattr(one, name) for name in names}
    trimmed = {name: value.strip() for name, value in given.items() if isinstance(value, str)}
    return msgspec.structs.replace(
        one, **{name: value or ("" if name in needed else None) for name, value in trimmed.items()}
    )


def _text_problems(
    one: Details | PostalAddress, longest: dict[str, int], needed: tuple[str, ...], before: str
) -> Iterator[FieldProblem]:
    for name, limit in longest.items():
        value = getattr(one, name)
        if name in needed and not value:
            yield FieldProblem(f"{before}{name}", "missing", "can't be blank")
        elif isinstance(value, str) and len(value) > limit:
            yield FieldProblem(
                f"{before}{name}", "directory.too_long", f"may have at most {limit} characters"
            )
        elif isinstance(value, str) and not is_writable(value):
            text = "may not contain line breaks or other control characters"
            yield FieldProblem(f"{before}{name}", "directory.unwritable", text)


def _shape_problems(details: Details) -> Iterator[FieldProblem]:
    if not is_email(folded_email(details.email)):
        yield FieldProblem("email", "directory.email_shape", "must be an e-mail address like ada@example.com")
    if details.phone is not None and not _PHONE.fullmatch(details.phone):
        yield FieldProblem("phone", "directory.phone_shape", "must contain only numbers")
    if not is_country(details.address.country_code):
        text = "must be an ISO 3166-1 alpha-2 country code like US"
        yield FieldProblem("address.country_code", "directory.country_unknown", text)
