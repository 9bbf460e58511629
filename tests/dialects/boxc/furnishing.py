"""A warehouse of an installation, and returns in it that have come so far."""

from datetime import timedelta

from backhaul.domain import reshipping, returns
from backhaul.domain.billing import wallet
from backhaul.domain.billing.invoices import list_invoices, make_invoices
from backhaul.domain.holds import NewSubject, SubjectKind, place_hold
from backhaul.domain.inventory.model import NewAsset
from backhaul.domain.inventory.operations import add_asset
from backhaul.domain.returns import Status
from backhaul.kernel.ids import new_id
from backhaul.kernel.money import Money
from backhaul.storage.database import Scope
from tests.dialects.boxc.desk import TRACKING, Desk


async def furnish(made):
    """What the recorded cases are about, by the names they use."""
    desk = await Desk(made).open()
    await desk.fund()
    invoice = await bill(made)
    made.ids |= {"invoice": invoice.number, "invoice_name": invoice.name}
    made.ids |= await _returns(made, desk)
    made.ids |= await _reshipments(made, desk)
    made.ids |= await _webhooks(made, desk)


async def bill(made):
    """One fee of last week, and the bill for it."""
    owner, now = made.actors["owner"], made.clock.now()
    async with made.db.transaction(Scope(owner.org_id)) as tx:
        await wallet.charge_fee(
            tx,
            kind=wallet.FeeKind.PROCESS,
            amount=Money(100),
            subject=("return", new_id()),
            once_key="last week's",
            at=now - timedelta(weeks=1),
        )
    assert await make_invoices(made.db, now=now)
    (invoice,) = await list_invoices(made.db, actor=owner)
    return invoice


async def _returns(made, desk):
    owner = made.actors["owner"]
    new = NewAsset(
        product_type="Laptop",
        product_name="Demo Laptop",
        manufacturer="Lenovo",
        serial_number="EVIDENCE",
        status_name="Available",
    )
    await add_asset(made.db, actor=owner, new=new, now=desk.now)
    tracking = {name: str(next(TRACKING)) for name in ("shown", "unprocessed", "discarded")}
    shown = await desk.parcel(tracking=tracking["shown"], rma="RMA-7")
    await desk.write(shown, "One screw is missing.")
    await returns.add_message(made.db, actor=owner, number=shown, body="Is everything there?", now=desk.now)
    await desk.photograph(shown)
    held = await desk.parcel(serials=["EVIDENCE"])
    subject = NewSubject(kind=SubjectKind.ASSET, name="EVIDENCE")
    texts = {"summary": "Smith v. Maas", "description": "Keep everything."}
    await place_hold(made.db, actor=owner, subjects=[subject], now=desk.now, **texts)
    detail = await returns.get_return(made.db, actor=owner, number=shown)
    key = returns.photo_key(detail.one.org_id, detail.one.id, detail.photos[0].id)
    elsewhere = await made.call_by_client("stranger", "GET", "/v1/returns?limit=1")
    assert elsewhere.json() == {"returns": [], "next_page": None}
    poor = [await desk.parcel(caller="stranger") for _ in range(2)]
    elsewhere = await made.call_by_client("stranger", "GET", "/v1/returns?limit=1")
    return {
        "shown": shown,
        "shown_tracking": tracking["shown"],
        "file_link": await desk.ports[returns.Files].url(key, media_type="image/jpeg", now=desk.now),
        "unprocessed": await desk.parcel(Status.RECEIVED, tracking=tracking["unprocessed"]),
        "unprocessed_tracking": tracking["unprocessed"],
        "to_verify": await desk.parcel(),
        "to_write": await desk.parcel(),
        "to_write_long": await desk.parcel(),
        "to_discard": await desk.parcel(tracking=tracking["discarded"]),
        "discarded_tracking": tracking["discarded"],
        "verifying": await desk.parcel(Status.VERIFYING),
        "held": held,
        "poor": poor[0],
        "foreign_token": elsewhere.json()["next_page"],
    }


async def _reshipments(made, desk):
    await desk.open("WH0LAX01")
    elsewhere = await desk.parcel(warehouse="WH0LAX01")
    trio = [await desk.parcel() for _ in range(3)]
    reshipped = [await desk.parcel() for _ in range(3)]
    sent = await desk.reship(*reshipped, fee_weight=895)
    await desk.answer(sent)
    await desk.dispatch(sent, grams=895)
    quoted = [await desk.reship(*[await desk.parcel() for _ in range(3)], fee_weight=895) for _ in range(2)]
    taken = await desk.parcel()
    single = await desk.reship(taken)
    approved = await desk.reship(await desk.parcel())
    await desk.answer(approved)
    numbers = {f"trio_{n}": number for n, number in enumerate(trio, 1)}
    numbers |= {f"reshipped_{n}": number for n, number in enumerate(reshipped, 1)}
    for name, number in (("quoted", quoted[0]), ("quoted_too", quoted[1])):
        one = await reshipping.get_reshipment(made.db, actor=made.actors["owner"], number=number)
        numbers |= {f"{name}_{n}": inside for n, inside in enumerate(one.return_numbers, 1)}
    return {
        **numbers,
        "elsewhere": elsewhere,
        "sent": sent,
        "quoted": quoted[0],
        "quoted_too": quoted[1],
        "taken": taken,
        "single": single,
        "approved": approved,
        "unquoted": await desk.reship(await desk.parcel(), await desk.parcel()),
        "to_reship": await desk.parcel(),
        "poor_reshipment": await desk.reship(await desk.parcel(caller="stranger"), caller="stranger"),
    }


async def _webhooks(made, desk):
    async def subscribe(address, topic="returns_status"):
        answer = await made.call_by_client(
            "owner",
            "POST",
            "/v1/webhooks",
            json={"webhook": {"address": address, "topic": topic, "key": "0123456789abcdef"}},
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["webhook"]["id"]

    return {
        "webhook": await subscribe("https://shop.example/news"),
        "webhook_to_change": await subscribe("https://shop.example/old"),
        "webhook_to_remove": await subscribe("https://shop.example/gone"),
        "webhook_to_test": await subscribe("https://shop.example/test"),
    }
