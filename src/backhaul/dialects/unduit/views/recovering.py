"""Campaigns and recoveries as this contract shows them (§2.5)."""

from datetime import UTC, date, datetime

from backhaul.dialects.unduit.views.recovery_shapes import (
    Back,
    Campaigns,
    CampaignView,
    CodedPeople,
    CodedRecovery,
    Country,
    EmployeeView,
    Forward,
    FoundRecovery,
    FoundStanding,
    ItemView,
    ListedCampaign,
    MadeCampaign,
    NewCampaignView,
    PackageView,
    Person,
    RecoveryCode,
    RecoveryView,
    ReturnAddressView,
    Standing,
    State,
    Tracking,
)
from backhaul.dialects.unduit.views.writing import instant, pages, text
from backhaul.domain.recovery import (
    Campaign,
    CampaignDetail,
    CampaignPage,
    Case,
    CaseDetail,
    CaseInCampaign,
    Outcome,
    Package,
    ReturnAddress,
)
from backhaul.domain.recovery.answers import ParcelDetail, Way
from backhaul.domain.recovery.model import Item
from backhaul.domain.recovery.status import Shown
from backhaul.kernel.countries import country_name, state_name
from backhaul.kernel.measures import inches_from_mm, ounces_from_grams

_OUNCES_PER_POUND = 16


def campaigns(found: CampaignPage, page: int, limit: int) -> Campaigns:
    """Return a page of campaigns."""
    return Campaigns(
        total_records=found.total,
        total_pages=pages(found.total, per_page=limit),
        current_page=page,
        campaigns=tuple(
            ListedCampaign(
                campaign_number=campaign.public_number,
                compain_title=campaign.name,
                start_date=spoken(campaign.starts_on),
                country=country(campaign.country_code),
                total_device_count=campaign.item_count,
                total_employee=campaign.case_count,
            )
            for campaign in found.items
        ),
    )


def campaign(found: CampaignDetail, page: int, limit: int) -> CampaignView:
    """Return a campaign with a page of the people in it."""
    one = found.campaign
    return CampaignView(
        campaign_number=one.public_number,
        title=one.name,
        country=country(one.country_code),
        start_date=spoken(one.starts_on),
        helpdesk_email=one.helpdesk_email,
        return_address=_places(one),
        employees=tuple(employee(case) for case in found.cases),
        total_employees=one.case_count,
        total_pages=pages(one.case_count, per_page=limit),
        current_page=page,
    )


def recovery(found: CaseInCampaign) -> RecoveryView:
    """Return one recovery with everything around it."""
    return RecoveryView(
        campaign_number=found.campaign.public_number,
        title=found.campaign.name,
        country=country(found.campaign.country_code),
        return_address=_places(found.campaign),
        employee=employee(found.detail),
        last_updated=_spoken_at(found.detail.updated_at),
    )


def coded_recovery(found: CaseInCampaign) -> FoundRecovery:
    """Return one recovery in the shape that goes with its code."""
    case, items = found.detail.case, found.detail.items
    is_completed = case.ending is not None
    is_begun = found.detail.status not in (Shown.ORDER_RECEIVED, Shown.LABEL_CREATED)
    return FoundRecovery(
        CodedRecovery(
            recovery_code=case.code,
            campaign_number=found.campaign.public_number,
            employee=Person(email=case.email, firstname=case.first_name, lastname=case.last_name),
            status="completed" if is_completed else "in_progress" if is_begun else "pending",
            items_recovered=sum(
                item.outcome in (Outcome.RETURNED, Outcome.PARTLY_RETURNED) for item in items
            ),
            created_at=instant(case.created_at),
            completed_at=None if case.ending is None else instant(case.ending.at),
        )
    )


def standing(found: CaseInCampaign, ref: str) -> FoundStanding:
    """Return how a recovery stands, under the number that was asked for."""
    detail = found.detail
    return FoundStanding(
        Standing(recovery_number=ref, employee_id=detail.employee_number, status=detail.status.value)
    )


def made(one: Campaign) -> MadeCampaign:
    """Return a campaign that was made this moment."""
    view = NewCampaignView(
        campaign_number=int(one.public_number),
        campaign_name=one.name,
        campaign_status=one.status.value,
        created_at=instant(one.created_at),
        description=one.description,
    )
    return MadeCampaign(success=True, message="Campaign created successfully", campaign=view)


def coded(cases: tuple[Case, ...]) -> CodedPeople:
    """Return who was added this moment, with their codes."""
    return CodedPeople(
        success=True,
        message="Employees added successfully",
        recovery_codes=tuple(RecoveryCode(case.email, case.code, "created") for case in cases),
    )


def employee(found: CaseDetail) -> EmployeeView:
    """Return somebody in a campaign."""
    case = found.case
    return EmployeeView(
        recovery_id=case.public_number,
        email=case.email,
        firstname=case.first_name,
        lastname=case.last_name,
        phone_country=case.country_code,
        phone_number=case.phone,
        country=country(case.country_code),
        state=state(case.country_code, case.state),
        city=case.city,
        zip=text(case.postal_code),
        address_line_1=case.line_1,
        address_line_2=case.line_2,
        items=tuple(map(_item, found.items)),
        status=found.status.value,
        tracking=tuple(
            _tracking(parcel) for parcel in found.parcels if parcel.box is not None or parcel.back is not None
        ),
        last_updated=_spoken_at(found.updated_at),
    )


def country(code: str) -> Country:
    """Return a country by name and code."""
    return Country(country_name(code), code)


def state(country_code: str, code: str | None) -> State | None:
    """Return a state by name and code; None where none is known."""
    return None if code is None else State(state_name(country_code, code), code, country_code)


def spoken(day: date) -> str:
    """Return `Apr 28th, 2025`."""
    ending = "th" if day.day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    return f"{_MONTHS[day.month - 1]} {day.day}{ending}, {day.year}"


# Not by strftime: its names follow the process's locale.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _spoken_at(at: datetime) -> str:
    return spoken(at.astimezone(UTC).date())


def _item(item: Item) -> ItemView:
    return ItemView(item.name, item.serial_number, item.tag, item.imei, item.custom_1, item.custom_2)


def _tracking(parcel: ParcelDetail) -> Tracking:
    nothing = Way(carrier=None, tracking_number=None, tracking_url=None)
    box, back = parcel.box or nothing, parcel.back or nothing
    carrier = back.carrier or box.carrier
    return Tracking(
        carrier_name="" if carrier is None else carrier.value.lower(),
        forward_shipping=Forward(text(box.tracking_number), box.tracking_url),
        return_shipping=Back(text(back.tracking_number), back.tracking_url),
    )


def _places(one: Campaign) -> tuple[ReturnAddressView, ...]:
    return tuple(_place(one, place) for place in one.return_addresses)


def _place(one: Campaign, place: ReturnAddress) -> ReturnAddressView:
    address = place.address
    return ReturnAddressView(
        name=text(address.attention or address.name),
        title=one.name,
        company=text(address.name),
        country=country(address.country_code),
        state=state(address.country_code, address.state_code),
        city=address.city,
        zip_code=text(address.postal_code),
        address=", ".join(filter(None, (address.line_1, address.line_2))),
        phone=text(place.phone or address.phone),
        email=next(iter(address.notification_emails), one.owner_email),
        packages=tuple(map(_package, place.packages)),
    )


def _package(package: Package) -> PackageView:
    size = package.size
    return PackageView(
        device=package.device,
        qty=package.quantity,
        incoming_weight=_rounded(ounces_from_grams(size.weight_grams) / _OUNCES_PER_POUND),
        length=_rounded(inches_from_mm(size.length_mm)),
        width=_rounded(inches_from_mm(size.width_mm)),
        height=_rounded(inches_from_mm(size.height_mm)),
    )


def _rounded(value: float) -> int | float:
    """Return a measure to a tenth, which is what it was given in; a whole one without a fraction."""
    rounded = round(value, 1)
    return int(rounded) if rounded.is_integer() else rounded
