"""From an asset's form to what the domain takes, or all that cannot be read, each beside its field."""

from datetime import date
from typing import Any

from backhaul.domain.inventory.model import AssetPatch, Condition, NewAsset, PurchaseType
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console.forms import Form
from backhaul.web.console.money.amounts import minor_in

_TEXTS = ("model_number", "sku", "tag", "warranty_type", "department", "location_name", "imei", "imei2")
_DAYS = ("purchased_on", "warranty_starts_on", "warranty_ends_on")
_NEEDED = ("product_type", "product_name", "manufacturer", "serial_number", "status_name")


class Read:
    """Values of a form, and what could not be read."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.problems: list[FieldProblem] = []

    def day(self, name: str) -> date | None:
        """Return a day, or note that there is none."""
        text = self.form.optional(name)
        try:
            return None if text is None else date.fromisoformat(text)
        except ValueError:
            self.problems.append(FieldProblem(name, "input.day_shape", "must be a day such as 2026-05-04"))
            return None

    def cents(self, name: str) -> int | None:
        """Return an amount in hundredths, or note that it is none."""
        try:
            return minor_in(self.form[name], path=name) if self.form[name] else None
        except InvalidInput as refused:
            self.problems += refused.problems
            return None

    def require_readable(self) -> None:
        """Refuse a form with anything that could not be read."""
        if self.problems:
            raise InvalidInput(self.problems)


def new_asset(form: Form) -> NewAsset:
    """Return the device that a form describes."""
    return NewAsset(**_values(form), assign_to_email=form.optional("assign_to_email"))


def patch(form: Form) -> AssetPatch:
    """Return the change that a form of all values describes."""
    return AssetPatch(**_values(form))


def _values(form: Form) -> dict[str, Any]:
    read = Read(form)
    values: dict[str, Any] = {
        **{name: form[name] for name in _NEEDED},
        **{name: form.optional(name) for name in _TEXTS},
        **{name: read.day(name) for name in _DAYS},
        "purchase_cost_minor": read.cents("purchase_cost_minor"),
        "purchase_currency": form.optional("purchase_currency"),
        "condition": _condition(form),
        "purchase_type": _purchase_type(form),
    }
    read.require_readable()
    return values


def _condition(form: Form) -> Condition | None:
    text = form["condition"]
    return Condition(text) if text in set(Condition) else None


def _purchase_type(form: Form) -> PurchaseType | None:
    text = form["purchase_type"]
    return PurchaseType(text) if text in set(PurchaseType) else None
