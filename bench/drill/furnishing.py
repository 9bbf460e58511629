"""What there is before anybody is killed: an organization with its credentials, and its returns in a warehouse."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from backhaul.domain import returns
from backhaul.domain.billing import wallet
from backhaul.domain.identity import (
    OPERATOR_ORG_ID,
    Actor,
    Plan,
    Role,
    add_member,
    create_api_key,
    create_organization,
    create_user,
    operator_actor,
    system_actor,
)
from backhaul.domain.identity.clients import add_client
from backhaul.kernel.addresses import Address
from backhaul.kernel.clock import SystemClock
from backhaul.kernel.money import Money
from backhaul.main import Place, make_ports, open_database
from backhaul.settings import Settings
from backhaul.storage.database import Database

WAREHOUSE = "WH0CVG01"
PLACE = Address(
    name="Backhaul drill warehouse",
    line_1="2000 Gateway Boulevard",
    city="Hebron",
    state_code="KY",
    postal_code="41048",
    country_code="US",
)
GRAMS = 900  # of each return
CREDIT_MINOR = 10_000  # so little that approvals are refused until somebody pays in


class Furnished(msgspec.Struct, frozen=True, kw_only=True):
    """Who calls, with what, about which returns."""

    actor: Actor
    token: str  # for orders of transfers
    client_id: str  # for reshipments
    client_secret: str
    return_numbers: tuple[int, ...]


async def furnish(settings: Settings, place: Place, *, count: int) -> Furnished:
    """Make the organization, and receive and process so many returns of theirs."""
    db = await open_database(settings, place.urls)
    now = SystemClock().now()
    operator = system_actor(OPERATOR_ORG_ID)
    try:
        organization = await create_organization(
            db, actor=operator, name="Drill", plan=Plan.ENTERPRISE, now=now
        )
        user = await create_user(db, actor=operator, email="drill@example.com", name="Drill", now=now)
        actor = operator_actor(organization)
        await add_member(db, actor=actor, user_id=user.id, role=Role.OWNER, now=now)
        _, token = await create_api_key(db, actor=actor, user_id=user.id, name="Drill", now=now)
        client, client_secret = await add_client(
            db, actor=actor, user_id=user.id, name="Drill", scopes=["returns"], most=1, now=now
        )
        await wallet.set_credit_limit(
            db, actor=operator, org_id=actor.org_id, limit=Money(CREDIT_MINOR + 100 * count), now=now
        )
        numbers = await _receive(
            db, operator, actor, make_ports(settings, db, Path(settings.data_dir)), count, now=now
        )
    finally:
        await db.close()
    return Furnished(
        actor=actor,
        token=token,
        client_id=client.client_id,
        client_secret=client_secret,
        return_numbers=numbers,
    )


async def _receive(
    db: Database, operator: Actor, owner: Actor, ports: Mapping[type, Any], count: int, *, now: datetime
) -> tuple[int, ...]:
    await returns.add_warehouse(
        db, actor=operator, code=WAREHOUSE, name="Cincinnati", address=PLACE, entry_point="CVG001", now=now
    )
    numbers = []
    for n in range(count):
        got = await returns.receive_parcel(
            db, actor=operator, warehouse=WAREHOUSE, tracking_number=f"DRILL{n:08d}", now=now
        )
        number = got.intake.number
        await returns.identify_intake(
            db, actor=operator, number=number, owner_org_id=owner.org_id, rma_number=None, now=now
        )
        await returns.process_return(
            db, actor=operator, number=number, weight_grams=GRAMS, policy=ports[returns.Policy], now=now
        )
        numbers.append(number)
    return tuple(numbers)
