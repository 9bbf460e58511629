"""What lies in the demo's warehouse: returns in every status a person can look at, and money to send them on."""

from datetime import datetime

from backhaul.domain import reshipping, returns
from backhaul.domain.billing.rates import RateCard
from backhaul.domain.identity import OPERATOR_ORG_ID, Actor, system_actor
from backhaul.domain.returns import Status
from backhaul.kernel.addresses import Address
from backhaul.kernel.ports import Ports
from backhaul.storage.database import Database

WAREHOUSE = "WH0CVG01"
PLACE = Address(
    name="Backhaul demo warehouse",
    line_1="2000 Gateway Boulevard",
    city="Hebron",
    state_code="KY",
    postal_code="41048",
    country_code="US",
)
TO = reshipping.Consignee(
    company_name="Big Company, LLC",
    name="John Doe",
    line_1="5200 Harry Hines Blvd",
    city="Dallas",
    state_code="TX",
    postal_code="75235",
    country_code="US",
)
# (what the sender's label says, how far the return is, how heavy): at least four Processed in one warehouse.
PARCELS = [
    ("9400100000000000000011", Status.PROCESSED, 791),
    ("9400100000000000000028", Status.PROCESSED, 1850),
    ("9400100000000000000035", Status.PROCESSED, 2410),
    ("9400100000000000000042", Status.PROCESSED, 430),
    ("9400100000000000000059", Status.PROCESSED, 1204),
    ("9400100000000000000066", Status.VERIFYING, 2055),
    ("9400100000000000000073", Status.VERIFIED, 1990),
    ("9400100000000000000080", Status.RESHIPPING, 895),
    ("9400100000000000000097", Status.RECEIVED, 0),
]


async def furnish_returns(db: Database, owner: Actor, ports: Ports, *, now: datetime) -> None:
    """Bring every parcel as far as it is to be; one that was processed before stays where it is."""
    known = [warehouse.code for warehouse in await returns.list_warehouses(db)]
    if WAREHOUSE not in known:
        await returns.add_warehouse(
            db,
            actor=system_actor(OPERATOR_ORG_ID),
            code=WAREHOUSE,
            name="Cincinnati",
            address=PLACE,
            entry_point="CVG001",
            now=now,
        )
    for tracking_number, status, grams in PARCELS:
        await _bring(db, owner, ports, tracking_number, status, grams, now=now)


async def _bring(
    db: Database,
    owner: Actor,
    ports: Ports,
    tracking_number: str,
    status: Status,
    grams: int,
    *,
    now: datetime,
) -> None:
    operator, policy = system_actor(OPERATOR_ORG_ID), ports[returns.Policy]
    got = await returns.receive_parcel(
        db, actor=operator, warehouse=WAREHOUSE, tracking_number=tracking_number, now=now
    )
    number = got.intake.number
    if got.intake.owner_org_id is None:
        await returns.identify_intake(
            db, actor=operator, number=number, owner_org_id=owner.org_id, rma_number=None, now=now
        )
    elif got.one is not None and got.one.status is not Status.RECEIVED:
        return
    if status is Status.RECEIVED:
        return
    await returns.process_return(
        db, actor=operator, number=number, weight_grams=grams, policy=policy, now=now
    )
    if status in {Status.VERIFYING, Status.VERIFIED}:
        await returns.request_verification(db, actor=owner, number=number, policy=policy, now=now)
    if status is Status.VERIFIED:
        await returns.verify_return(db, actor=operator, number=number, now=now)
    if status is Status.RESHIPPING:
        new = reshipping.NewReshipment(
            contents="Laptop computer", return_numbers=(number,), to=TO, value_minor=89_900
        )
        await reshipping.create_reshipment(
            db, actor=owner, new=new, card=ports[RateCard], policy=ports[reshipping.Policy], now=now
        )
