"""What two organizations do with a warehouse: clients, parcels, money. `both_living` calls it."""

from datetime import timedelta

from backhaul.domain import returns
from backhaul.domain.billing import wallet
from backhaul.domain.billing.invoices import list_invoices, make_invoices
from backhaul.domain.identity import OPERATOR_ORG_ID, operator_actor, system_actor
from backhaul.domain.identity.clients import (
    AuthorizationRequest,
    ClientSettings,
    authorize,
    find_known_client,
)
from backhaul.domain.reshipping import set_tolerance
from backhaul.domain.returns import add_warehouse
from backhaul.domain.returns.sanitisation import LockStatus, Method, NewSanitisation, record_sanitisation
from backhaul.kernel.ids import new_id
from backhaul.kernel.money import Money
from backhaul.storage.database import Scope
from tests.dialects.boxc.furnishing import Desk
from tests.dialects.installation import REDIRECT
from tests.domain.returns.depot import picture
from tests.making import OFFICE


async def keep_warehouse(made, worker, caller):
    """Do for an organization what leaves rows in the tables of clients, the warehouse and its money."""
    await _authorize(made, caller)
    await _build(made, caller)
    await _receive(made, worker, caller)
    await _pay(made, worker, caller)
    await _reship(made, caller)
    await _listen(made, caller)


async def _authorize(made, caller):
    """Let a client call in a member's name; the code it is given waits to be exchanged."""
    actor, now = made.actors[caller], made.clock.now()
    await made.client_token(caller)
    client = await find_known_client(made.db, client_id=made.ids[f"client of {caller}"])
    request = AuthorizationRequest(
        redirect_uri=REDIRECT, scopes=("returns",), nonce=None, code_challenge=None
    )
    await authorize(
        made.db,
        client=client,
        request=request,
        user_email=actor.user_email,
        user_number=client.user_number,
        settings=ClientSettings(),
        now=now,
    )


async def _build(made, caller):
    """Have a warehouse that both organizations' parcels come to."""
    if caller == "owner":
        await add_warehouse(
            made.db,
            actor=system_actor(OPERATOR_ORG_ID),
            code="WH0CVG01",
            name="Cincinnati",
            address=OFFICE,
            entry_point="CVG001",
            now=made.clock.now(),
        )
    made.ids[f"warehouse of {caller}"] = "WH0CVG01"


async def _receive(made, worker, caller):
    """Receive, open, photograph and wipe what came back without a label."""
    actor, now = made.actors[caller], made.clock.now()
    operator = system_actor(OPERATOR_ORG_ID)
    got = await returns.receive_parcel(
        made.db, actor=operator, warehouse="WH0CVG01", tracking_number=f"OF{caller}", now=now
    )
    at = {"actor": operator, "number": got.intake.number, "now": now}
    policy, device = returns.Policy(), f"RETURNED-{caller}"
    await returns.identify_intake(made.db, owner_org_id=actor.org_id, rma_number=None, **at)
    await returns.scan_device(made.db, serial_number=device, **at)
    await returns.process_return(made.db, weight_grams=900, policy=policy, **at)
    await returns.add_photo(made.db, worker.ports[returns.Files], content=picture(), policy=policy, **at)
    await returns.add_message(made.db, actor=actor, number=got.intake.number, body="Hello", now=now)
    new = NewSanitisation(
        serial_number=device,
        media_type="SSD",
        method=Method.PURGE,
        technique="Cryptographic erase",
        lock_status=LockStatus.UNLOCKED,
        tool="nvme-cli",
        performed_by="Ada",
        performed_at=now,
        verified_by="Grace",
        verified_at=now,
    )
    await record_sanitisation(made.db, new=new, **at)
    made.ids[f"return of {caller}"] = got.intake.number


async def _reship(made, caller):
    """Have parcels sent on; some are left to be, and some to be verified and discarded."""
    desk = Desk(made)
    operator = operator_actor(made.organizations["ours" if caller == "owner" else "theirs"])
    await set_tolerance(made.db, actor=operator, percent=5, now=desk.now)
    invoices = await list_invoices(made.db, actor=made.actors[caller])
    known = {
        "invoice": invoices[0].number,
        "reshipment": await desk.reship(await desk.parcel(caller=caller), caller=caller),
        "reshipment_to_delete": await desk.reship(await desk.parcel(caller=caller), caller=caller),
        "return_to_reship": await desk.parcel(caller=caller),
        "return_to_verify": await desk.parcel(caller=caller),
        "return_to_discard": await desk.parcel(caller=caller),
    }
    made.ids |= {f"{name} of {caller}": value for name, value in known.items()}


async def _pay(made, worker, caller):
    """Fill the wallet, spend some of it last week, set some of it aside, and get the bill."""
    actor, now = made.actors[caller], made.clock.now()
    await wallet.top_up(made.db, actor=actor, amount=Money(10_000), key="first", now=now)
    await worker.settle()
    async with made.db.transaction(Scope(actor.org_id)) as tx:
        subject = ("return", new_id())
        await wallet.charge_fee(
            tx,
            kind=wallet.FeeKind.PROCESS,
            amount=Money(100),
            subject=subject,
            once_key=f"process:{caller}",
            at=now - timedelta(weeks=1),
        )
        await wallet.require_and_hold(
            tx,
            amount=Money(1420),
            reason="reshipment",
            subject=subject,
            expires_at=now + timedelta(days=15),
            at=now,
        )
    assert await make_invoices(made.db, now=now)


async def _listen(made, caller):
    """Have a shop told what becomes of returns."""
    for name in ("webhook", "webhook_to_remove"):
        webhook = {"address": f"https://{name.replace('_', '-')}.example/", "topic": "returns_status"}
        answer = await made.call_by_client(caller, "POST", "/v1/webhooks", json={"webhook": webhook})
        assert answer.status_code == 201
        made.ids[f"{name} of {caller}"] = answer.json()["webhook"]["id"]
