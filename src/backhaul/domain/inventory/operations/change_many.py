"""Change some assets in the same way: those that can be, each by itself."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.inventory.errors import TooManyAtOnce
from backhaul.domain.inventory.model import AssetPatch
from backhaul.domain.inventory.operations.change import change_asset
from backhaul.kernel.errors import DomainError, InvalidInput, Kind
from backhaul.storage.database import Database

MOST_AT_ONCE = 200


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """An asset that stayed as it was, and why."""

    asset_number: str
    reason: str


class ChangedMany(msgspec.Struct, frozen=True, kw_only=True):
    """What came of changing several assets."""

    changed: tuple[str, ...]  # serial numbers, in the order given
    refused: tuple[Refused, ...]


async def change_assets(
    db: Database, *, actor: Actor, asset_numbers: Sequence[str], patch: AssetPatch, now: datetime
) -> ChangedMany:
    """Change up to 200 assets by their asset numbers, each in a transaction of its own; one refusal stops no other.

    Values that are wrong for every asset refuse the whole. The same again changes nothing.
    """
    actor.scope(Right.INVENTORY_WRITE)
    numbers = list(dict.fromkeys(asset_numbers))
    if len(numbers) > MOST_AT_ONCE:
        raise TooManyAtOnce(count=len(numbers), most=MOST_AT_ONCE)
    changed: list[str] = []
    refused: list[Refused] = []
    for number in numbers:
        try:
            detail = await change_asset(db, actor=actor, asset=number, patch=patch, now=now)
        except InvalidInput as refusal:
            if not changed and not refused:
                raise
            refused.append(Refused(asset_number=number, reason=refusal.text))
        except DomainError as refusal:
            if refusal.kind is Kind.UNAVAILABLE:
                raise
            refused.append(Refused(asset_number=number, reason=refusal.text))
        else:
            changed.append(detail.asset.serial_number)
    return ChangedMany(changed=tuple(changed), refused=tuple(refused))
