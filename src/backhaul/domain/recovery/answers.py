"""What the queries answer: campaigns and cases as readers see them."""

from datetime import date, datetime

import msgspec

from backhaul.domain.recovery.model import Campaign, CampaignStatus, Case, Item, Outcome, public_number
from backhaul.domain.recovery.status import Shown, Travel, shown
from backhaul.domain.shipping.model import CarrierCode
from backhaul.domain.transfers.model import Status, TransferId


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One way of a parcel: with whom, under which number."""

    carrier: CarrierCode | None
    tracking_number: str | None  # None: no label yet
    tracking_url: str | None


class ParcelDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A case's parcel: how far its transfer is, the box on its way out, the device on its way back."""

    position: int
    transfer_id: TransferId
    device: str
    status: Status
    is_box_waived: bool
    updated_at: datetime
    box: Way | None  # None: no box, or nothing is prepared yet
    back: Way | None


class CaseDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A case with its items and parcels."""

    case: Case
    items: tuple[Item, ...]
    parcels: tuple[ParcelDetail, ...]
    employee_number: int | None  # of the directory

    @property
    def status(self) -> Shown:
        """The status that outsiders see."""
        expected = {item.parcel for item in self.items if item.outcome is None}
        travels = [
            Travel(
                status=parcel.status,
                is_box_waived=parcel.is_box_waived,
                has_label=parcel.back is not None and parcel.back.tracking_number is not None,
                is_expected=parcel.position in expected,
            )
            for parcel in self.parcels
        ]
        return shown(self.case.outcome, travels, is_diagnosed=self.case.diagnosed_at is not None)

    @property
    def updated_at(self) -> datetime:
        """When case or parcels changed last."""
        return max([self.case.updated_at, *(parcel.updated_at for parcel in self.parcels)])


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """A device as a case expects it."""

    number: int
    code: str
    email: str
    created_at: datetime
    campaign_name: str
    item_name: str
    outcome: Outcome | None  # None: still expected

    @property
    def public_number(self) -> str:
        """What others call the case."""
        return public_number(self.number, self.created_at)


class ListedCampaign(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign as a line of a list."""

    number: int
    name: str
    status: CampaignStatus
    country_code: str
    starts_on: date
    deadline_on: date | None
    case_count: int
    item_count: int
    created_at: datetime

    @property
    def public_number(self) -> str:
        """What others call it."""
        return public_number(self.number, self.created_at)


class CampaignPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of campaigns, newest first, and how many there are on all pages."""

    items: tuple[ListedCampaign, ...]
    total: int


class CampaignDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign with one page of its cases, newest first; `campaign.case_count` is how many there are."""

    campaign: Campaign
    cases: tuple[CaseDetail, ...]


class CaseInCampaign(msgspec.Struct, frozen=True, kw_only=True):
    """A case, and the campaign it belongs to."""

    campaign: Campaign
    detail: CaseDetail
