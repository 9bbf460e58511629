"""What is done with several assets of the list at once, and putting it back."""

from litestar.response.base import ASGIResponse

from backhaul.domain.identity.model import Right
from backhaul.domain.inventory.model import AssetPatch
from backhaul.domain.inventory.operations import change_assets, put_back_assets
from backhaul.domain.inventory.operations.change_many import Previous
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import takes
from backhaul.web.console.forms import Form
from backhaul.web.console.inventory.asking import PATH
from backhaul.web.console.inventory.listing import view
from backhaul.web.console.paths import own_path
from backhaul.web.console.visiting import Visit

_STATUS, _LOCATION, _NO_LOCATION = "status", "location", "no_location"


async def change_ticked(visit: Visit, form: Form) -> ASGIResponse:
    """Give the ticked assets a status or a location, and say which got it and which did not."""
    numbers, wish = form.all("ids"), _wish(form)
    patch = _patch(wish, form)
    if not numbers:
        raise InvalidInput([FieldProblem("ids", "missing", "tick at least one asset in the list first")])
    done = await change_assets(visit.db, actor=visit.actor, asset_numbers=numbers, patch=patch, now=visit.now)
    what = {_STATUS: form["status_name"], _LOCATION: form["location_name"]}.get(wish)
    return visit.page(
        "inventory/changed.html",
        title="Changed together",
        done=done,
        back=own_path(form["back"], default=PATH),
        did="is" if what is None else "has",
        what="without a location" if what is None else f"“{what}”",
        previous=done.previous,
    )


async def put_back(visit: Visit, form: Form) -> ASGIResponse:
    """Give assets that were changed together what they had before, but for those that were changed since."""
    previous = _previous(form)
    done = await put_back_assets(visit.db, actor=visit.actor, previous=previous, now=visit.now)
    return visit.page(
        "inventory/changed.html",
        title="Put back",
        done=done,
        back=own_path(form["back"], default=PATH),
        did="is",
        what="as before",
        previous=(),
    )


def _wish(form: Form) -> str:
    """Return which button was pressed; Enter in a field presses none, and means the only one that is filled."""
    if form["do"] in {_STATUS, _LOCATION, _NO_LOCATION}:
        return form["do"]
    filled = [wish for wish in (_STATUS, _LOCATION) if form[f"{wish}_name"]]
    if len(filled) == 1:
        return filled[0]
    text = "is chosen beside a location: press the button of the one you mean"
    problem = FieldProblem(
        "status_name", "ambiguous", text if filled else "or a location must be chosen first"
    )
    raise InvalidInput([problem])


def _patch(wish: str, form: Form) -> AssetPatch:
    if wish == _NO_LOCATION:
        return AssetPatch(location_name=None)
    if wish == _LOCATION:
        if not form["location_name"]:
            text = "choose a location first; “Clear location” takes it away"
            raise InvalidInput([FieldProblem("location_name", "missing", text)])
        return AssetPatch(location_name=form["location_name"])
    if not form["status_name"]:
        raise InvalidInput([FieldProblem("status_name", "missing", "choose a status first")])
    return AssetPatch(status_name=form["status_name"])


def _previous(form: Form) -> list[Previous]:
    """Return what the page of a change has written down to put back; refuses a form that lost some of it."""
    columns = [form.all(name) for name in ("was_number", "was_version", "was_status", "was_location")]
    if len({len(column) for column in columns}) != 1 or not all(map(_is_number, columns[1])):
        raise InvalidInput([FieldProblem("was_number", "missing", "cannot be read: change them by hand")])
    return [
        Previous(
            asset_number=number, version=int(version), status_name=status, location_name=location or None
        )
        for number, version, status, location in zip(*columns, strict=True)
    ]


def _is_number(text: str) -> bool:
    return number_or_none(text) is not None


HANDLERS = [
    takes(f"{PATH}/change", change_ticked, right=Right.INVENTORY_WRITE, again=view),
    takes(f"{PATH}/change/undo", put_back, right=Right.INVENTORY_WRITE, again=view),
]
