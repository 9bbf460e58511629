"""The shapes of this contract's campaigns and recoveries, its misspellings included (§2.5, C20, C21)."""

import msgspec


class Country(msgspec.Struct, frozen=True):
    """A country by name and code."""

    name: str
    code: str


class State(msgspec.Struct, frozen=True):
    """A state by name and code, and whose it is."""

    name: str
    code: str
    country_code: str


class ListedCampaign(msgspec.Struct, frozen=True):
    """A campaign as a line of a list."""

    campaign_number: str
    compain_title: str  # spelled so (contract C20)
    start_date: str
    country: Country
    total_device_count: int
    total_employee: int


class Campaigns(msgspec.Struct, frozen=True):
    """A page of `recover/campaigns`."""

    total_records: int
    total_pages: int
    current_page: int = msgspec.field(name="currentPage")
    campaigns: tuple[ListedCampaign, ...]


class PackageView(msgspec.Struct, frozen=True):
    """A box that is expected: pounds and inches."""

    device: str
    qty: int
    incoming_weight: int | float = msgspec.field(name="incomingWeight")
    length: int | float
    width: int | float
    height: int | float


class ReturnAddressView(msgspec.Struct, frozen=True):
    """Where things go."""

    name: str
    title: str
    company: str
    country: Country
    state: State | None
    city: str
    zip_code: str
    address: str
    phone: str
    email: str
    packages: tuple[PackageView, ...]


class ItemView(msgspec.Struct, frozen=True):
    """A thing that is expected."""

    item: str
    item_serial_no: str | None
    item_asset_id: str | None
    item_imei: str | None
    custom_field_1: str | None
    custom_field_2: str | None


class Forward(msgspec.Struct, frozen=True):
    """The box on its way to somebody; an empty number stands for none."""

    tracking_number: str
    tracking_link: str | None


class Back(msgspec.Struct, frozen=True):
    """The device on its way back."""

    return_tracking_number: str
    return_tracking_link: str | None


class Tracking(msgspec.Struct, frozen=True):
    """One parcel."""

    carrier_name: str
    forward_shipping: Forward
    return_shipping: Back


class EmployeeView(msgspec.Struct, frozen=True):
    """Somebody in a campaign."""

    recovery_id: str
    email: str
    firstname: str
    lastname: str
    phone_country: str
    phone_number: str
    country: Country
    state: State | None
    city: str
    zip: str
    address_line_1: str
    address_line_2: str | None
    items: tuple[ItemView, ...]
    status: str
    tracking: tuple[Tracking, ...]
    last_updated: str


class CampaignView(msgspec.Struct, frozen=True):
    """The details of a campaign, with a page of the people in it."""

    campaign_number: str
    title: str
    country: Country
    start_date: str
    helpdesk_email: str | None
    return_address: tuple[ReturnAddressView, ...]
    employees: tuple[EmployeeView, ...]
    total_employees: int
    total_pages: int
    current_page: int


class RecoveryView(msgspec.Struct, frozen=True):
    """One recovery by its id."""

    campaign_number: str
    title: str
    country: Country
    return_address: tuple[ReturnAddressView, ...]
    employee: EmployeeView
    last_updated: str


class Person(msgspec.Struct, frozen=True):
    """Somebody by name."""

    email: str
    firstname: str
    lastname: str


class CodedRecovery(msgspec.Struct, frozen=True):
    """One recovery by its code."""

    recovery_code: str
    campaign_number: str
    employee: Person
    status: str
    items_recovered: int
    created_at: str
    completed_at: str | None


class FoundRecovery(msgspec.Struct, frozen=True):
    """The answer to `recover/recovery/{recovery_code}`."""

    recovery: CodedRecovery


class Standing(msgspec.Struct, frozen=True):
    """How a recovery stands, and nothing else."""

    recovery_number: str
    employee_id: int | None
    status: str


class FoundStanding(msgspec.Struct, frozen=True):
    """The answer to `recoveries/{recovery_number}/status`."""

    data: Standing


class NewCampaignView(msgspec.Struct, frozen=True):
    """A campaign that was made this moment."""

    campaign_number: int
    campaign_name: str
    campaign_status: str
    created_at: str
    description: str | None


class MadeCampaign(msgspec.Struct, frozen=True):
    """The answer to `campaign/create`."""

    success: bool
    message: str
    campaign: NewCampaignView


class AddedPerson(msgspec.Struct, frozen=True):
    """The answer to `user/add`."""

    success: bool
    message: str


class CodedPerson(msgspec.Struct, frozen=True):
    """The answer to `campaign/employee/add`."""

    success: bool
    message: str
    recovery_code: str


class RecoveryCode(msgspec.Struct, frozen=True):
    """Somebody who was added, and the code of the recovery."""

    email: str
    recovery_code: str
    status: str


class CodedPeople(msgspec.Struct, frozen=True):
    """The answer to `campaign/employee/bulk-add`."""

    success: bool
    message: str
    recovery_codes: tuple[RecoveryCode, ...]
