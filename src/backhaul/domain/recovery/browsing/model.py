"""What somebody asks of the lists of campaigns and cases, and what they see."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec

from backhaul.domain.ladders.model import Policy
from backhaul.domain.recovery.answers import CaseInCampaign, ListedCampaign
from backhaul.domain.recovery.contacting.model import LoggedContact
from backhaul.domain.recovery.inspecting.model import FoundLine
from backhaul.domain.recovery.model import Campaign, CampaignStatus, ItemId, Outcome, Shipping, public_number
from backhaul.domain.recovery.person.model import Claim, PersonParcel, Signature


class Stage(StrEnum):
    """How far a case is: that of the parcel which is furthest behind, of those in which anything is expected."""

    UNSENT = "unsent"  # nothing was sent yet
    BOX = "box"  # the box is on its way to the person
    PERSON = "person"  # the person has the box or the label
    RETURNING = "returning"  # the carrier has the parcel
    STUCK = "stuck"  # something is expected still, and no parcel of it moves any more
    RECEIVED = "received"  # returned, or partly
    ENDED = "ended"  # came to another end


OPEN_STAGES = (Stage.UNSENT, Stage.BOX, Stage.PERSON, Stage.RETURNING, Stage.STUCK)
ENDED_STAGES = (Stage.RECEIVED, Stage.ENDED)


class CampaignFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which campaigns are asked for; None asks for all."""

    status: CampaignStatus | None = None
    is_overdue: bool = False  # past its deadline with open cases
    text: str | None = None  # a part of the name


class CampaignLine(ListedCampaign, frozen=True, kw_only=True):
    """A campaign as a line of a list, with what became of its cases."""

    owner_email: str
    open_count: int
    received_count: int

    @property
    def ended_count(self) -> int:
        """How many came to another end."""
        return self.case_count - self.open_count - self.received_count


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How many cases of a campaign are in each stage."""

    stages: dict[Stage, int]
    claimed: int  # open ones of which the person says that something is gone
    uncontacted: int  # open ones whose person was never reminded

    def count(self, *stages: Stage) -> int:
        """Return how many are in any of these stages."""
        return sum(self.stages.get(stage, 0) for stage in stages)

    @property
    def open_count(self) -> int:
        """Return how many are open."""
        return self.count(*OPEN_STAGES)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the history."""

    action: str
    at: datetime
    actor_kind: str
    actor_name: str | None  # of a person or key that is still known
    change: dict[str, Any]  # {field: [before, after]}


class CampaignSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign with everything but its cases."""

    campaign: Campaign
    ladder_name: str | None  # None: the built-in one
    policy: Policy | None
    progress: Progress
    countries: tuple[str, ...]  # in which its people are
    changes: tuple[Change, ...]  # newest first


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """A member who can own a campaign."""

    email: str
    name: str


class CaseFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which cases are asked for; what is None or False leaves nothing out."""

    campaign: Campaign | None = None
    stage: Stage | None = None
    is_open: bool = False
    is_overdue: bool = False  # open, and its campaign is past its deadline
    country_code: str | None = None
    is_uncontacted: bool = False  # the person was never reminded
    is_claimed: bool = False  # the person says that something is gone
    is_muted: bool = False
    text: str | None = None  # the start of a name, an e-mail address or a serial number; a code; a number


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """A case as a line of a list."""

    number: int
    created_at: datetime
    code: str
    first_name: str
    last_name: str
    email: str
    city: str
    country_code: str
    shipping: Shipping
    outcome: Outcome | None
    stage: Stage
    campaign_number: int
    campaign_created_at: datetime
    campaign_name: str
    deadline_on: date | None
    items: tuple[str, ...]
    serial_numbers: tuple[str, ...]
    contact_count: int  # reminders that were sent to the person
    contacted_at: datetime | None  # the last of them
    is_claimed: bool
    muted_at: datetime | None
    opted_out_at: datetime | None

    @property
    def public_number(self) -> str:
        """What others call the case."""
        return public_number(self.number, self.created_at)

    @property
    def campaign_public_number(self) -> str:
        """What others call its campaign."""
        return public_number(self.campaign_number, self.campaign_created_at)


class LinkedAsset(msgspec.Struct, frozen=True, kw_only=True):
    """The asset that an item names."""

    item_id: ItemId
    number: int
    serial_number: str


class ShownHold(msgspec.Struct, frozen=True, kw_only=True):
    """A legal hold on the case, its person or one of its devices."""

    number: int
    summary: str
    released_at: datetime | None


class CaseSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A case with everything that belongs to it."""

    found: CaseInCampaign
    stage: Stage
    assets: tuple[LinkedAsset, ...]
    parcels: tuple[PersonParcel, ...]  # with their scans
    contacts: tuple[LoggedContact, ...]  # the newest of them, newest first
    found_lines: tuple[FoundLine, ...]  # what a warehouse noted in its parcels
    claims: tuple[Claim, ...]  # those that were taken back, too
    signature: Signature | None
    confirmed_at: datetime | None  # when the person called the address right
    muted_at: datetime | None
    opted_out_at: datetime | None
    next_look_at: datetime | None  # when reminders are decided on next
    live_link_count: int  # links to the person's page that work
    holds: tuple[ShownHold, ...]
    ended_by: str | None  # the name of who said what became of the case
    changes: tuple[Change, ...]  # newest first
