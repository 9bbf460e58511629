"""The fields of the form for a new transfer: filled with what is known, read back, and made an order of."""

import secrets

import msgspec

from backhaul.domain.shipping.model import REQUIRABLE, CarrierCode
from backhaul.domain.transfers.choosing import FoundAsset, Parts
from backhaul.domain.transfers.model import Direction, Order
from backhaul.domain.transfers.packaging import FULL
from backhaul.domain.transfers.spelling import require_order
from backhaul.kernel.addresses import Address
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console.forms import Form
from backhaul.web.console.money.amounts import minor_in
from backhaul.web.console.transfers.addresses import OFFICE, PARTS, PERSON, address_of, values_of

TYPES = tuple(FULL)
_TEXTS = (
    "device_type", "device_make", "device_model", "device_serial_number", "device_condition", "ticket_reference",
    "box_carrier", "device_carrier", "insured", "location",
)  # fmt: skip
_TICKS = ("is_box_waived", "is_box_rush", "is_device_rush", "wants_pickup")
_NAMES = (
    "direction", "office", "key", *_TEXTS, *_TICKS,
    *(f"{kind}.{part}" for kind in (PERSON, OFFICE) for part in (*PARTS, "notification_emails")),
)  # fmt: skip
_KEY_LENGTH = 43


def known_values(
    parts: Parts, *, direction: str | None, person: str | None, device: str | None
) -> dict[str, str]:
    """Return the fields as they are filled at first: who and what is the only one that was found."""
    chosen = parts.people[0] if len(parts.people) == 1 else None
    asset = parts.assets[0] if len(parts.assets) == 1 else None
    values = dict.fromkeys(_NAMES, "")
    values["direction"] = direction or Direction.RETURN.value
    values["key"] = secrets.token_urlsafe(32)
    values |= values_of(PERSON, None if chosen is None else chosen.address)
    if chosen is None and person is not None:
        values[f"{PERSON}.notification_emails" if "@" in person else f"{PERSON}.name"] = person
    values[f"{PERSON}.country_code"] = values[f"{PERSON}.country_code"] or "US"
    values[f"{OFFICE}.country_code"] = "US"
    values["office"] = "default" if parts.default_address else _first_place(parts)
    return values | _device_values(asset, device)


def _first_place(parts: Parts) -> str:
    return f"place-{parts.places[0].number}" if parts.places else "other"


def _device_values(asset: FoundAsset | None, typed: str | None) -> dict[str, str]:
    if asset is None:
        return {"device_type": TYPES[0], "device_serial_number": typed or ""}
    kind = asset.product_type.strip().lower()
    return {
        "device_type": next((name for name in TYPES if name in kind), asset.product_type),
        "device_make": asset.manufacturer,
        "device_model": asset.model_name,
        "device_serial_number": asset.serial_number,
    }


def sent_values(form: Form) -> dict[str, str]:
    """Return the fields as they were sent."""
    values = {name: form[name] for name in _NAMES}
    return values | {"key": values["key"][:_KEY_LENGTH] or secrets.token_urlsafe(32)}


def order_of(values: dict[str, str], parts: Parts) -> Order:
    """Return the order of a form, or refuse it with everything that is wrong."""
    problems: list[FieldProblem] = []
    form = Form(list(values.items()), [])
    insured = _cents(values["insured"], problems)
    try:
        direction = Direction(values["direction"])
    except ValueError:
        direction = Direction.RETURN
        problems.append(FieldProblem("direction", "inclusion", "choose which way the device goes"))
    order = Order(
        direction=direction,
        organization_address=_office(values, form, parts, problems),
        employee_address=address_of(PERSON, form),
        device_type=values["device_type"],
        device_make=values["device_make"],
        device_model=values["device_model"],
        device_serial_number=values["device_serial_number"],
        device_condition=values["device_condition"],
        box_carrier=_carrier(values, "box_carrier", problems),
        is_box_rush=bool(values["is_box_rush"]) and not values["is_box_waived"],
        is_box_waived=bool(values["is_box_waived"]),
        device_carrier=_carrier(values, "device_carrier", problems),
        is_device_rush=bool(values["is_device_rush"]),
        insured_minor=insured,
        pickup_wish=True if values["wants_pickup"] else None,
        ticket_reference=values["ticket_reference"],
    )
    try:
        clean = require_order(order)
    except InvalidInput as refused:
        problems += [problem for problem in refused.problems if not _is_said(problem, problems)]
    if problems:
        raise InvalidInput([placed(problem, values) for problem in problems])
    return clean


def _is_said(problem: FieldProblem, problems: list[FieldProblem]) -> bool:
    """Tell whether a value is missing only because of what is said already."""
    said = {known.path for known in problems}
    return problem.path in said or (problem.path.startswith(f"{OFFICE}.") and "office" in said)


def placed(problem: FieldProblem, values: dict[str, str]) -> FieldProblem:
    """Return a problem beside the field it is about: an address that was chosen has none of its own."""
    path = "insured" if problem.path == "insured_minor" else problem.path
    if path.startswith(f"{OFFICE}.") and values["office"] != "other":
        part = path.rpartition(".")[2].replace("_", " ")
        text = f"cannot be used: the {part} of its address {problem.text}"
        return FieldProblem("office", problem.code, text)
    return FieldProblem(path, problem.code, problem.text)


def _office(values: dict[str, str], form: Form, parts: Parts, problems: list[FieldProblem]) -> Address:
    chosen = values["office"]
    if chosen == "default" and parts.default_address is not None:
        return parts.default_address
    place = next((one for one in parts.places if f"place-{one.number}" == chosen), None)
    if place is not None:
        return msgspec.structs.replace(place.address, name=place.address.name or place.name)
    if chosen != "other":
        problems.append(FieldProblem("office", "inclusion", "choose one of the list"))
    return address_of(OFFICE, form)


def _carrier(values: dict[str, str], name: str, problems: list[FieldProblem]) -> CarrierCode | None:
    code = next((one for one in REQUIRABLE if one.value == values[name]), None)
    if code is None and values[name]:
        problems.append(FieldProblem(name, "inclusion", "choose one of the list"))
    return code


def _cents(text: str, problems: list[FieldProblem]) -> int:
    if not text:
        return 0
    try:
        return minor_in(text, path="insured")
    except InvalidInput as refused:
        problems += refused.problems
        return 0
