"""Change some assets in the same way: those that can be, each by itself."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.inventory.answers import AssetDetail
from backhaul.domain.inventory.errors import TooManyAtOnce
from backhaul.domain.inventory.model import AssetPatch
from backhaul.domain.inventory.operations.change import change_and_compare
from backhaul.kernel.errors import DomainError, InvalidInput, Kind
from backhaul.storage.database import Database

MOST_AT_ONCE = 200


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """An asset that stayed as it was, and why."""

    asset_number: str
    reason: str


class Previous(msgspec.Struct, frozen=True, kw_only=True):
    """What several assets were changed from, one by one: enough to put it back while nobody has changed it since."""

    asset_number: str
    version: int  # after the change
    status_name: str
    location_name: str | None


class ChangedMany(msgspec.Struct, frozen=True, kw_only=True):
    """What came of changing several assets."""

    changed: tuple[str, ...]  # serial numbers, in the order given
    refused: tuple[Refused, ...]
    previous: tuple[Previous, ...] = ()  # of those that were not so already


class _Wish(msgspec.Struct, frozen=True):
    asset_number: str
    patch: AssetPatch
    version: int | None = None


async def change_assets(
    db: Database, *, actor: Actor, asset_numbers: Sequence[str], patch: AssetPatch, now: datetime
) -> ChangedMany:
    """Change up to 200 assets by their asset numbers, each in a transaction of its own; one refusal stops no other.

    Values that are wrong for every asset refuse the whole. The same again changes nothing.
    """
    actor.scope(Right.INVENTORY_WRITE)
    wishes = [_Wish(number, patch) for number in dict.fromkeys(asset_numbers)]
    return await _change_each(db, actor, wishes, puts_back=False, now=now)


async def put_back_assets(
    db: Database, *, actor: Actor, previous: Sequence[Previous], now: datetime
) -> ChangedMany:
    """Give up to 200 assets the status and the location they had, those that nobody has changed since."""
    actor.scope(Right.INVENTORY_WRITE)
    wishes = [
        _Wish(
            one.asset_number,
            AssetPatch(status_name=one.status_name, location_name=one.location_name),
            one.version,
        )
        for one in previous
    ]
    return await _change_each(db, actor, wishes, puts_back=True, now=now)


async def _change_each(
    db: Database, actor: Actor, wishes: Sequence[_Wish], *, puts_back: bool, now: datetime
) -> ChangedMany:
    """Change each asset by itself; `puts_back`: to values of its own, which were there before and are not made anew."""
    if len(wishes) > MOST_AT_ONCE:
        raise TooManyAtOnce(count=len(wishes), most=MOST_AT_ONCE)
    changed: list[str] = []
    refused: list[Refused] = []
    previous: list[Previous] = []
    for wish in wishes:
        try:
            before, after = await change_and_compare(
                db, actor=actor, asset=wish.asset_number, patch=wish.patch, version=wish.version, now=now,
                makes_places=not puts_back,
            )  # fmt: skip
        except InvalidInput as refusal:
            if not puts_back and not changed and not refused:
                raise
            refused.append(Refused(asset_number=wish.asset_number, reason=refusal.text))
        except DomainError as refusal:
            if refusal.kind is Kind.UNAVAILABLE:
                raise
            refused.append(Refused(asset_number=wish.asset_number, reason=refusal.text))
        else:
            changed.append(after.asset.serial_number)
            if after.asset.version != before.asset.version:
                previous.append(_previous(before, after.asset.version, wish))
    return ChangedMany(changed=tuple(changed), refused=tuple(refused), previous=tuple(previous))


def _previous(before: AssetDetail, version: int, wish: _Wish) -> Previous:
    return Previous(
        asset_number=wish.asset_number,
        version=version,
        status_name=before.status.name,
        location_name=None if before.location is None else before.location.name,
    )
