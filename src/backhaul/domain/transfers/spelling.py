"""How an order is written by people: cleaned here, or refused with a sentence beside each value. Pure."""

from collections.abc import Iterator

import msgspec

from backhaul.domain.directory.addresses import examine
from backhaul.domain.directory.model import PostalAddress
from backhaul.domain.notify.errors import RecipientRefused
from backhaul.domain.notify.recipients import parse_recipient
from backhaul.domain.transfers.model import MAX_INSURED_MINOR, Order
from backhaul.kernel.addresses import Address
from backhaul.kernel.countries import is_country, missing_parts
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.writing import is_writable

LONGEST_OF_ADDRESS = {
    "name": 200,
    "attention": 200,
    "line_1": 200,
    "line_2": 200,
    "city": 100,
    "state_code": 100,
    "postal_code": 32,
}
LONGEST_OF_DEVICE = {
    "device_type": 100,
    "device_make": 100,
    "device_model": 200,
    "device_serial_number": 100,
    "device_condition": 500,
    "ticket_reference": 200,
}
MOST_EMAILS = 5
_NEEDED_OF_ADDRESS = ("line_1", "city")
_BLANK = "can't be blank"


def require_address(address: Address, *, path: str, needs_name: bool) -> Address:
    """Return the address cleaned, or refuse it with everything that is wrong."""
    clean = clean_address(address)
    problems = list(address_problems(clean, path=path, needs_name=needs_name))
    if problems:
        raise InvalidInput(problems)
    return clean


def require_order(order: Order) -> Order:
    """Return the order cleaned, or refuse it with everything that is wrong."""
    clean = msgspec.structs.replace(
        order,
        organization_address=clean_address(order.organization_address),
        employee_address=clean_address(order.employee_address),
        **{name: _trimmed(getattr(order, name)) for name in LONGEST_OF_DEVICE if name != "device_type"},
        device_type=(order.device_type or "").strip(),
    )
    problems = [
        *_text_problems(clean, LONGEST_OF_DEVICE, ("device_type",), ""),
        *address_problems(clean.employee_address, path="employee_address", needs_name=True),
        *address_problems(clean.organization_address, path="organization_address", needs_name=False),
    ]
    if not 0 <= clean.insured_minor <= MAX_INSURED_MINOR:
        text = f"must be from 0 to {MAX_INSURED_MINOR // 100} dollars"
        problems.append(FieldProblem("insured_minor", "range", text))
    if problems:
        raise InvalidInput(problems)
    return clean


def clean_address(address: Address) -> Address:
    """Return the address without surrounding space, empty parts as None, the country in capitals."""
    parts = {name: _trimmed(getattr(address, name)) for name in LONGEST_OF_ADDRESS}
    return Address(
        name=parts["name"],
        attention=parts["attention"],
        line_1=parts["line_1"] or "",
        line_2=parts["line_2"],
        city=parts["city"] or "",
        state_code=parts["state_code"],
        postal_code=parts["postal_code"],
        country_code=address.country_code.strip().upper(),
        notification_emails=tuple(email.strip() for email in address.notification_emails if email.strip()),
    )


def address_problems(address: Address, *, path: str, needs_name: bool) -> Iterator[FieldProblem]:
    """Yield what no parcel can be sent with: what is blank, too long or cannot be one."""
    needed = (*_NEEDED_OF_ADDRESS, "name") if needs_name else _NEEDED_OF_ADDRESS
    yield from _text_problems(address, LONGEST_OF_ADDRESS, needed, f"{path}.")
    if not is_country(address.country_code):
        yield FieldProblem(f"{path}.country_code", "country", "must be a country of the list")
    for part in missing_parts(address):
        yield FieldProblem(f"{path}.{part}", "blank", f"{_BLANK} for an address in {address.country_code}")
    if len(address.notification_emails) > MOST_EMAILS:
        yield FieldProblem(f"{path}.notification_emails", "length", f"may be at most {MOST_EMAILS} addresses")
    for email in address.notification_emails:
        try:
            parse_recipient(email)
        except RecipientRefused as refused:
            yield FieldProblem(
                f"{path}.notification_emails", "email", f"cannot be written to: {refused.text}"
            )
            return


def advice(address: Address) -> tuple[Address | None, tuple[str, ...]]:
    """Return the address as its country writes it, None when that is how it stands, and what its rules object to."""
    written, warnings = examine(_postal(address))
    texts = tuple(f"{_NAMES.get(found.part, found.part)} {found.text}." for found in warnings)
    if written is None:
        return None, texts
    better = msgspec.structs.replace(
        address,
        line_1=written.line_1,
        city=written.city,
        state_code=written.state,
        postal_code=written.postal_code,
    )
    return (None if better == address else better), texts


def objections(address: Address, *, path: str) -> list[FieldProblem]:
    """Return what the rules of its country object to in an address that is taken all the same, field by field."""
    _, warnings = examine(_postal(address))
    return [
        FieldProblem(f"{path}.{_FIELDS.get(found.part, found.part)}", "address.doubtful", found.text)
        for found in warnings
    ]


_FIELDS = {"state": "state_code"}
_NAMES = {"line_1": "The street", "city": "The city", "state": "The state", "postal_code": "The postal code"}


def _trimmed(value: str | None) -> str | None:
    return (value or "").strip() or None


def _text_problems(
    one: Address | Order, longest: dict[str, int], needed: tuple[str, ...], before: str
) -> Iterator[FieldProblem]:
    for name, limit in longest.items():
        value = getattr(one, name)
        if not value:
            if name in needed:
                yield FieldProblem(f"{before}{name}", "blank", _BLANK)
        elif len(value) > limit:
            yield FieldProblem(f"{before}{name}", "length", f"may have at most {limit} characters")
        elif not is_writable(value):
            text = "may not contain line breaks or other control characters"
            yield FieldProblem(f"{before}{name}", "characters", text)


def _postal(address: Address) -> PostalAddress:
    return PostalAddress(
        line_1=address.line_1,
        line_2=address.line_2,
        city=address.city,
        state=address.state_code,
        postal_code=address.postal_code,
        country_code=address.country_code,
    )
