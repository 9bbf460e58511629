"""Who of a list would be added, and what is wrong with the others. Pure."""

from backhaul.domain.directory.model import PostalAddress
from backhaul.domain.recovery.model import NewCase, Reason, Shipping
from backhaul.domain.recovery.rosters.model import Entry, Known, Reviewed, Terms
from backhaul.domain.recovery.spelling import check_case
from backhaul.kernel.errors import FieldProblem

_NOBODY = Known(is_there_already=False)
_ADDRESS = ("line_1", "line_2", "city", "state", "postal_code", "country_code")
_OFFERED = (Shipping.KIT, Shipping.ASK)
# What fields are called in a list.
_COLUMNS = {
    "address.line_1": "address_line_1",
    "address.line_2": "address_line_2",
    "address.city": "city",
    "address.state": "state",
    "address.postal_code": "postal_code",
    "address.country_code": "country_code",
    "items": "item",
}


def review(entry: Entry, known: Known | None, terms: Terms, *, may_hold: bool) -> Reviewed:
    """Return somebody of a list as they would be added, completed by what is known of them, or every reason against."""
    about = known or _NOBODY
    new = _completed(entry, about, terms)
    problems = list(_codes(entry))
    if about.is_there_already:
        problems.append("They are in the campaign already.")
    if not may_hold and any(item.is_legal_hold for item in new.items):
        problems.append("You have no right to put devices on legal hold.")
    if not new.items:
        problems.append("No device is named, and the inventory knows none that they have.")
    wrong = [one for one in check_case(new) if not (one.path == "items" and not new.items)]
    problems += [_sentence(one) for one in wrong]
    return Reviewed(
        entry=entry,
        new=None if problems else new,
        problems=tuple(dict.fromkeys(problems)),
        completed=tuple(_taken(entry, about)),
    )


def _completed(entry: Entry, known: Known, terms: Terms) -> NewCase:
    given = entry.given
    if "address_line_1" in given:
        parts = {
            name: given.get("address_line_1" if name == "line_1" else _column(name)) for name in _ADDRESS
        }
    else:
        parts = {name: getattr(known, name) for name in _ADDRESS}
    return NewCase(
        email=entry.email,
        first_name=given.get("first_name") or known.first_name or "",
        last_name=given.get("last_name") or known.last_name or "",
        phone=given.get("phone") or known.phone or "",
        address=PostalAddress(
            line_1=parts["line_1"] or "",
            line_2=parts["line_2"],
            city=parts["city"] or "",
            state=parts["state"],
            postal_code=parts["postal_code"],
            country_code=(parts["country_code"] or "").upper(),
        ),
        items=entry.items or known.items,
        shipping=_shipping(given.get("shipping")) or terms.shipping,
        reason=_reason(given.get("reason")) or terms.reason,
        reason_note=given.get("reason_note") or terms.reason_note,
    )


def _column(name: str) -> str:
    return "address_line_2" if name == "line_2" else name


def _taken(entry: Entry, known: Known) -> list[str]:
    taken = {
        "name": known.first_name is not None and not {"first_name", "last_name"} & entry.given.keys(),
        "address": known.line_1 is not None and "address_line_1" not in entry.given,
        "devices": bool(known.items) and not entry.items,
    }
    return [name for name, is_taken in taken.items() if is_taken]


def _codes(entry: Entry) -> list[str]:
    """Return what is wrong with the cells that name one of several codes."""
    problems = []
    if "shipping" in entry.given and _shipping(entry.given["shipping"]) is None:
        problems.append("Shipping must be kit or ask.")
    if "reason" in entry.given and _reason(entry.given["reason"]) is None:
        problems.append(f"Reason must be one of {', '.join(reason.value for reason in Reason)}.")
    return problems


def _shipping(text: str | None) -> Shipping | None:
    return next((one for one in _OFFERED if one.value == (text or "").lower()), None)


def _reason(text: str | None) -> Reason | None:
    return next((one for one in Reason if one.value == (text or "").lower().replace(" ", "_")), None)


def _sentence(problem: FieldProblem) -> str:
    path = problem.path
    if path.startswith("items["):
        position, _, field = path.removeprefix("items[").partition("].")
        name = f"{'item' if field == 'name' else field} of device {int(position) + 1}"
    else:
        name = _COLUMNS.get(path, path)
    words = name.replace("_", " ")
    return f"{words[:1].upper()}{words[1:]} {problem.text}."
