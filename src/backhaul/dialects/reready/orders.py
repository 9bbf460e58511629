"""From a body to an order: every wrong value is named with its path, all at once."""

from collections.abc import Collection
from decimal import Decimal

from backhaul.dialects.reready.bodies import (
    CompanyAddress,
    CreateDeviceReturn,
    CreateDeviceTransfer,
    EmployeeAddress,
    OrganizationAddress,
)
from backhaul.domain.notify.errors import RecipientRefused
from backhaul.domain.notify.recipients import parse_recipient
from backhaul.domain.shipping.model import REQUIRABLE, CarrierCode
from backhaul.domain.transfers.model import MAX_INSURED_MINOR, Direction, Order
from backhaul.kernel.addresses import Address
from backhaul.kernel.countries import is_country, missing_parts
from backhaul.kernel.errors import FieldProblem, InvalidInput

REQUIRABLE_IN_RETURNS = frozenset({CarrierCode.FEDEX})  # contract R8
MAX_INSURED_DOLLARS = MAX_INSURED_MINOR // 100
_AnyAddress = OrganizationAddress | EmployeeAddress | CompanyAddress


class _Check:
    """Gathers problems while values are read."""

    def __init__(self) -> None:
        self.problems: list[FieldProblem] = []

    def refuse(self, path: str, code: str, text: str) -> None:
        self.problems.append(FieldProblem(path, code, text))

    def text(self, path: str, value: str | None, *, is_required: bool = False) -> str | None:
        """Return the text without outer blanks; blank counts as absent."""
        stripped = (value or "").strip()
        if "\x00" in stripped:
            self.refuse(path, "characters", "must not contain the character U+0000")
        if not stripped:
            if is_required:
                self.refuse(path, "blank", "can't be blank")
            return None
        return stripped

    def carrier(self, path: str, value: str | None, allowed: Collection[CarrierCode]) -> CarrierCode | None:
        if value is None:
            return None
        if value in allowed:
            return CarrierCode(value)
        names = ", ".join(sorted(allowed))
        self.refuse(path, "inclusion", f"must be one of {names}, or null")
        return None

    def insured(self, path: str, value: float | None) -> int:
        """Return the amount in cents; the wire has dollars (contract §1.2)."""
        if value is None:
            return 0
        cents = Decimal(str(value)) * 100
        if not 0 <= value <= MAX_INSURED_DOLLARS:
            self.refuse(path, "range", f"must be from 0 to {MAX_INSURED_DOLLARS} dollars")
            return 0
        if cents != int(cents):
            self.refuse(path, "precision", "must have at most two decimals")
        return int(cents)

    def emails(self, path: str, values: list[str] | None) -> tuple[str, ...]:
        for position, value in enumerate(values or ()):
            if not _is_email(value):
                self.refuse(f"{path}[{position}]", "email", "is not an e-mail address")
        return tuple(values or ())

    def address(self, path: str, body: _AnyAddress) -> Address:
        country = body.country_code.upper()
        is_known = is_country(country)
        if not is_known:
            self.refuse(f"{path}.country_code", "country", "must be an ISO 3166-1 alpha-2 country code")
        name, attention = self._names(path, body)
        address = Address(
            name=name,
            attention=attention,
            line_1=self.text(f"{path}.line_1", body.line_1, is_required=True) or "",
            line_2=self.text(f"{path}.line_2", body.line_2),
            city=self.text(f"{path}.city", body.city, is_required=True) or "",
            state_code=self.text(f"{path}.state_code", body.state_code),
            postal_code=self.text(f"{path}.postal_code", body.postal_code),
            country_code=country,
            notification_emails=self.emails(f"{path}.notification_emails", body.notification_emails),
        )
        for part in missing_parts(address) if is_known else ():
            self.refuse(f"{path}.{part}", "blank", f"can't be blank for an address in {country}")
        return address

    def _names(self, path: str, body: _AnyAddress) -> tuple[str | None, str | None]:
        if isinstance(body, EmployeeAddress):
            return self.text(f"{path}.person_name", body.person_name, is_required=True), None
        field = "company_name" if isinstance(body, CompanyAddress) else "organization_name"
        name = self.text(f"{path}.{field}", getattr(body, field))
        return name, self.text(f"{path}.attention_name", body.attention_name)

    def user(self, value: str | None) -> str | None:
        if value is not None and not _is_email(value):
            self.refuse("user_email", "email", "is not an e-mail address")
        return value

    def done(self, order: Order) -> Order:
        if self.problems:
            raise InvalidInput(self.problems)
        return order


def order_of_transfer(body: CreateDeviceTransfer) -> Order:
    """Return the order of a POST /device_transfers, or refuse it."""
    check = _Check()
    direction = Direction.RETURN
    if body.type is not None:
        try:
            direction = Direction(body.type)
        except ValueError:
            check.refuse("type", "inclusion", "must be return or deployment")
    return check.done(
        Order(
            direction=direction,
            organization_address=check.address("organization_address", body.organization_address),
            employee_address=check.address("employee_address", body.employee_address),
            device_type=check.text("device_type", body.device_type, is_required=True) or "",
            device_make=check.text("device_make", body.device_make),
            device_model=check.text("device_model", body.device_model),
            device_serial_number=check.text("device_serial_number", body.device_serial_number),
            device_condition=check.text("device_condition", body.device_condition),
            box_carrier=check.carrier(
                "box_shipment_carrier_code_required", body.box_shipment_carrier_code_required, REQUIRABLE
            ),
            is_box_rush=bool(body.box_shipment_rush),
            is_box_waived=bool(body.box_shipment_waived),
            device_carrier=check.carrier(
                "device_shipment_carrier_code_required",
                body.device_shipment_carrier_code_required,
                REQUIRABLE,
            ),
            is_device_rush=bool(body.device_shipment_rush),
            insured_minor=check.insured(
                "device_shipment_insured_amount", body.device_shipment_insured_amount
            ),
            pickup_wish=_wish(
                check, "device_shipment_pickup_scheduling", body.device_shipment_pickup_scheduling
            ),
            plan_code=check.text("plan_code", body.plan_code),
            ticket_reference=check.text("ticket_reference", body.ticket_reference),
            user_email=check.user(body.user_email),
        )
    )


def order_of_return(body: CreateDeviceReturn) -> Order:
    """Return the order of a POST /device_returns, or refuse it."""
    check = _Check()
    return check.done(
        Order(
            direction=Direction.RETURN,
            organization_address=check.address("company_address", body.company_address),
            employee_address=check.address("employee_address", body.employee_address),
            device_type=check.text("device_type", body.device_type, is_required=True) or "",
            device_make=check.text("device_make", body.device_make),
            device_model=check.text("device_model", body.device_model),
            device_serial_number=check.text("device_serial_number", body.device_serial_number),
            device_condition=check.text("device_condition", body.device_condition),
            box_carrier=check.carrier(
                "carrier_code_required_outbound", body.carrier_code_required_outbound, REQUIRABLE_IN_RETURNS
            ),
            is_box_rush=bool(body.outbound_shipment_rush),
            is_box_waived=bool(body.outbound_shipment_waived),
            device_carrier=check.carrier(
                "carrier_code_required_return", body.carrier_code_required_return, REQUIRABLE_IN_RETURNS
            ),
            is_device_rush=bool(body.return_shipment_rush),
            insured_minor=check.insured(
                "return_shipment_insured_amount", body.return_shipment_insured_amount
            ),
            pickup_wish=_wish(
                check, "return_shipment_pickup_scheduling", body.return_shipment_pickup_scheduling
            ),
            plan_code=check.text("plan_code", body.plan_code),
            ticket_reference=check.text("ticket_url", body.ticket_url),
            user_email=check.user(body.user_email),
        )
    )


def _wish(check: _Check, path: str, value: bool | str | None) -> bool | str | None:  # noqa: FBT001 -- a wire value
    return check.text(path, value) if isinstance(value, str) else value


def _is_email(value: str) -> bool:
    try:
        parse_recipient(value)
    except RecipientRefused:
        return False
    return True
