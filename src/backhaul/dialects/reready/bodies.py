"""What a client may send. Unknown keys are ignored, never refused (contract R11)."""

from typing import Annotated

import msgspec
from msgspec import Meta

Line = Annotated[str, Meta(max_length=200)]
Short = Annotated[str, Meta(max_length=100)]
Email = Annotated[str, Meta(max_length=254)]
Emails = Annotated[list[Email], Meta(max_length=20)]


class OrganizationAddress(msgspec.Struct, kw_only=True):
    """Where the organization receives or sends."""

    organization_name: Line | None = None
    attention_name: Line | None = None
    line_1: Line
    line_2: Line | None = None
    city: Short
    state_code: Short | None = None
    postal_code: Annotated[str, Meta(max_length=20)] | None = None
    country_code: Annotated[str, Meta(max_length=2, min_length=2, description="ISO 3166-1 alpha-2")]
    notification_emails: Emails | None = None


class EmployeeAddress(msgspec.Struct, kw_only=True):
    """Where the employee receives or sends."""

    person_name: Line
    line_1: Line
    line_2: Line | None = None
    city: Short
    state_code: Short | None = None
    postal_code: Annotated[str, Meta(max_length=20)] | None = None
    country_code: Annotated[str, Meta(max_length=2, min_length=2, description="ISO 3166-1 alpha-2")]
    notification_emails: Emails | None = None


class CreateDeviceTransfer(msgspec.Struct, kw_only=True):
    """POST /device_transfers."""

    organization_address: OrganizationAddress
    employee_address: EmployeeAddress
    device_type: Short
    type: str | None = None
    device_make: Line | None = None
    device_model: Line | None = None
    device_serial_number: Line | None = None
    device_condition: Line | None = None
    box_shipment_carrier_code_required: str | None = None
    box_shipment_rush: bool | None = None
    box_shipment_waived: bool | None = None
    device_shipment_carrier_code_required: str | None = None
    device_shipment_insured_amount: int | float | None = None
    device_shipment_pickup_scheduling: bool | Line | None = None
    device_shipment_rush: bool | None = None
    plan_code: Short | None = None
    ticket_reference: Line | None = None
    user_email: Email | None = None


class CompanyAddress(msgspec.Struct, kw_only=True):
    """The older name of the organization's address."""

    company_name: Line | None = None
    attention_name: Line | None = None
    line_1: Line
    line_2: Line | None = None
    city: Short
    state_code: Short | None = None
    postal_code: Annotated[str, Meta(max_length=20)] | None = None
    country_code: Annotated[str, Meta(max_length=2, min_length=2, description="ISO 3166-1 alpha-2")]
    notification_emails: Emails | None = None


class CreateDeviceReturn(msgspec.Struct, kw_only=True):
    """POST /device_returns: the older names (contract §1.2)."""

    company_address: CompanyAddress
    employee_address: EmployeeAddress
    device_type: Short = "laptop"  # the older API knew laptops alone
    device_make: Line | None = None
    device_model: Line | None = None
    device_serial_number: Line | None = None
    device_condition: Line | None = None
    carrier_code_required_outbound: str | None = None
    outbound_shipment_rush: bool | None = None
    outbound_shipment_waived: bool | None = None
    carrier_code_required_return: str | None = None
    return_shipment_insured_amount: int | float | None = None
    return_shipment_pickup_scheduling: bool | Line | None = None
    return_shipment_rush: bool | None = None
    plan_code: Short | None = None
    ticket_url: Line | None = None
    user_email: Email | None = None
