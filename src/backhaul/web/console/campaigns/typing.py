"""What is typed into the form of a campaign, and the campaign that it asks for. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from backhaul.domain.directory.places import Location
from backhaul.domain.recovery.model import LAPTOP_BOX, NewCampaign, Package, ReturnAddress
from backhaul.kernel.addresses import Address
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console.campaigns.measures import IMPERIAL, NOT_MEASURED, size_from
from backhaul.web.console.forms import Form

MOST_PLACES, MOST_BOXES = 5, 6
_NAMES = (
    "name", "description", "country_code", "starts_on", "deadline_on", "helpdesk_email", "owner_email", "ladder",
    "units", "places", "boxes", "location",
)  # fmt: skip
_AT = ("place", "phone")
_BOX = ("device", "quantity", "length", "width", "height", "weight")
_FIRST_BOX = {
    "device": "Laptop",
    "quantity": "1",
    "length": "16",
    "width": "12",
    "height": "4",
    "weight": "10",
}
_PLACE = re.compile(r"return_addresses\[(\d+)\](?:\.(phone)|\.packages(?:\[(\d+)\])?)?")

Values = Mapping[str, str]


def blank(owner_email: str) -> dict[str, str]:
    """Return what stands in the form at first."""
    values = dict.fromkeys(_NAMES, "")
    values |= {"owner_email": owner_email, "units": IMPERIAL}
    values |= {"places": "1", "boxes": "1", "place-1": "", "phone-1": ""}
    return values | {f"box-1-1-{name}": text for name, text in _FIRST_BOX.items()}


def typed(form: Form) -> dict[str, str]:
    """Return what was typed."""
    names = [*_NAMES, *(f"{name}-{place}" for name in _AT for place in range(1, MOST_PLACES + 1))]
    names += [
        f"box-{place}-{box}-{name}"
        for place in range(1, MOST_PLACES + 1)
        for box in range(1, MOST_BOXES + 1)
        for name in _BOX
    ]
    return {name: form[name] for name in names}


def count_of(values: Values, name: str) -> int:
    """Return how many return addresses, or boxes at each of them, the form has."""
    most = MOST_PLACES if name == "places" else MOST_BOXES
    text = values[name]
    return min(max(int(text), 1), most) if text.isascii() and text.isdigit() and len(text) == 1 else 1


def with_place(values: Values) -> dict[str, str]:
    """Return the form with one more return address, whose first box is that of a laptop."""
    count = min(count_of(values, "places") + 1, MOST_PLACES)
    first = {f"box-{count}-1-{name}": text for name, text in _FIRST_BOX.items()}
    return {**values, **first, "places": str(count)}


def with_box(values: Values) -> dict[str, str]:
    """Return the form with one more box at each return address."""
    return {**values, "boxes": str(min(count_of(values, "boxes") + 1, MOST_BOXES))}


def campaign_of(values: Values, locations: Mapping[str, Location]) -> NewCampaign:
    """Return the campaign that is asked for, or refuse everything that cannot be read."""
    problems: list[FieldProblem] = []
    starts_on, deadline_on = (day_of(values, name, problems) for name in ("starts_on", "deadline_on"))
    places = [
        place
        for number in range(1, count_of(values, "places") + 1)
        if (place := _place(values, number, locations, problems)) is not None
    ]
    if problems:
        raise InvalidInput(problems)
    return NewCampaign(
        name=values["name"],
        description=values["description"] or None,
        country_code=values["country_code"] or None,
        starts_on=starts_on,
        deadline_on=deadline_on,
        helpdesk_email=values["helpdesk_email"] or None,
        owner_email=values["owner_email"] or None,
        return_addresses=tuple(places),
        ladder=values["ladder"] or None,
    )


def day_of(values: Values, name: str, problems: list[FieldProblem]) -> date | None:
    """Return a day that was typed; what is none becomes a problem."""
    text = values[name]
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems.append(FieldProblem(name, "date", "must be a day like 2026-11-30"))
        return None


def _place(
    values: Values, number: int, locations: Mapping[str, Location], problems: list[FieldProblem]
) -> ReturnAddress | None:
    """Return a return address with its boxes; None where nothing was chosen."""
    chosen = values[f"place-{number}"]
    boxes = _boxes(values, number, problems) if chosen else ()
    if not chosen:
        return None
    address = address_at(f"place-{number}", chosen, locations, problems)
    if address is None:
        return None
    phone = values[f"phone-{number}"] or None
    return ReturnAddress(address=address, phone=phone, packages=boxes or (LAPTOP_BOX,))


def address_at(
    path: str, chosen: str, locations: Mapping[str, Location], problems: list[FieldProblem]
) -> Address | None:
    """Return the address of the location that was chosen; one without becomes a problem."""
    location = locations.get(chosen)
    if location is None or location.address is None:
        problems.append(FieldProblem(path, "location", "must be one of your locations with an address"))
        return None
    return location.address


def _boxes(values: Values, place: int, problems: list[FieldProblem]) -> tuple[Package, ...]:
    boxes = []
    for box in range(1, count_of(values, "boxes") + 1):
        texts: Any = {name: values[f"box-{place}-{box}-{name}"] for name in _BOX}
        if not texts["device"]:
            continue
        quantity = int(texts["quantity"]) if re.fullmatch(r"[1-9][0-9]?", texts["quantity"]) else 0
        size = size_from((texts["length"], texts["width"], texts["height"], texts["weight"]), values["units"])
        if isinstance(size, str) or quantity == 0:
            text = size if isinstance(size, str) else NOT_MEASURED
            problems.append(FieldProblem(f"box-{place}-{box}-device", "recovery.package_shape", text))
            continue
        boxes.append(Package(device=texts["device"], quantity=quantity, size=size))
    return tuple(boxes)


def beside_fields(problems: Iterable[FieldProblem]) -> list[FieldProblem]:
    """Return what the domain refused under the names of the form's fields."""
    return [FieldProblem(_field(one.path), one.code, one.text) for one in problems]


def _field(path: str) -> str:
    found = _PLACE.match(path)
    if found is None:
        return path
    place = int(found[1]) + 1
    if found[2] is not None:
        return f"phone-{place}"
    return f"place-{place}" if found[3] is None else f"box-{place}-{int(found[3]) + 1}-device"
