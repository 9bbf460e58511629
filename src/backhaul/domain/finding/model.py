"""What is found: things of any capability, as a page names and links them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from backhaul.domain.inventory.model import Custody, Reason
from backhaul.domain.recovery.model import Outcome, public_number
from backhaul.domain.returns.model import Status as ReturnStatus
from backhaul.domain.returns.model import Verdict
from backhaul.domain.transfers.model import Direction, Status


class HitKind(StrEnum):
    """What a code can mean."""

    ASSET = "asset"
    PERSON = "person"
    TRANSFER = "transfer"
    CASE = "case"
    CAMPAIGN = "campaign"
    RETURN = "return"
    RESHIPMENT = "reshipment"
    PARCEL = "parcel"  # on a warehouse's table, whoever's it is
    DISPATCH = "dispatch"  # a reshipment there
    CUSTOMER = "customer"


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a code means, or may mean."""

    kind: HitKind
    key: str  # what names it: a number, an id, a public number
    title: str
    detail: str
    is_exact: bool


class HitGroup(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one kind, what is exactly meant first."""

    kind: HitKind
    hits: tuple[Hit, ...]
    has_more: bool  # the list of this kind finds the rest


class RelatedTransfer(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer of an asset or a person."""

    id: UUID
    direction: Direction
    status: Status
    device: str
    tracking_number: str | None  # of the parcel with the device
    created_at: datetime


class RelatedHold(msgspec.Struct, frozen=True, kw_only=True):
    """A legal hold that covers or covered an asset or a person."""

    number: int
    summary: str
    held_at: datetime
    released_at: datetime | None  # None: it still does


class OwedItem(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that a recovery case expects or expected back."""

    case_number: int
    case_created_at: datetime
    code: str
    campaign_name: str
    item_name: str
    serial_number: str | None
    asset_number: int | None
    email: str
    outcome: Outcome | None  # None: still expected

    @property
    def public_number(self) -> str:
        """What others call the case."""
        return public_number(self.case_number, self.case_created_at)


class RelatedReturn(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel in which a warehouse received the asset, or missed it."""

    number: int
    status: ReturnStatus
    verdict: Verdict
    grade: str | None
    received_at: datetime


class RelatedSanitisation(msgspec.Struct, frozen=True, kw_only=True):
    """A record that the asset's storage was wiped, with its certificate."""

    id: UUID
    return_number: int
    method: str
    technique: str
    result: str
    performed_at: datetime
    performed_by: str
    verified_by: str
    serial_number: str  # as the record has it, whatever is written down since


class AssetDossier(msgspec.Struct, frozen=True, kw_only=True):
    """What others than the inventory know of an asset; each the latest twenty."""

    transfers: tuple[RelatedTransfer, ...]
    owed: tuple[OwedItem, ...]
    holds: tuple[RelatedHold, ...]
    returns: tuple[RelatedReturn, ...]
    sanitisations: tuple[RelatedSanitisation, ...]


class Custodian(msgspec.Struct, frozen=True, kw_only=True):
    """One hand-over to or from a person."""

    asset_number: int | None  # None: the asset's row is gone
    serial_number: str | None
    model_name: str | None
    reason: Reason
    from_custody: Custody | None
    to_custody: Custody | None
    is_to: bool  # they got it; else they gave it away
    at: datetime
    evidence: dict[str, str]


class PersonChange(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a person's history: which fields changed, never their values, which the record takes along."""

    action: str
    at: datetime
    author_kind: str
    author_name: str | None
    change: dict[str, list[Any]]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of what changed."""
        after = self.change.get("fields", [None, None])[1]
        return tuple(after or ())


class PersonDossier(msgspec.Struct, frozen=True, kw_only=True):
    """What others than the directory know of a person."""

    owed: tuple[OwedItem, ...]
    transfers: tuple[RelatedTransfer, ...]
    holds: tuple[RelatedHold, ...]
    hand_overs: tuple[Custodian, ...]  # newest first, the latest hundred
    changes: tuple[PersonChange, ...]
