"""The log of what was sent: to endpoints, and to callback URLs that came with requests; sent again on request."""

import json

from litestar.response.base import ASGIResponse

from backhaul.domain import webhooks
from backhaul.domain.identity import Right
from backhaul.domain.webhooks import DeliveryId, DeliveryStatus, DeliveryUnknown
from backhaul.kernel.errors import DomainError, FieldProblem, InvalidInput, Kind
from backhaul.web.console import notices
from backhaul.web.console.cursors import code_or_none, uuid_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.paging import PAGE, paged
from backhaul.web.console.paths import own_path
from backhaul.web.console.settings.webhooks import words
from backhaul.web.console.visiting import Visit

DELIVERIES, CALLBACKS = "/settings/webhooks/deliveries", "/settings/webhooks/callbacks"
MOST_AT_ONCE = 200
_OUTAGES = frozenset({Kind.UNAVAILABLE})

notices.declare({"webhooks.replayed": "It is sent again, the same bytes under the same id."})


async def view(visit: Visit) -> ASGIResponse:
    """List every delivery."""
    return await _list(visit, DELIVERIES)


async def view_callbacks(visit: Visit) -> ASGIResponse:
    """List deliveries to callback URLs, and offer the secret that signs them."""
    return await _list(visit, CALLBACKS)


async def _list(visit: Visit, path: str, *, secret: str | None = None) -> ASGIResponse:
    status = code_or_none(DeliveryStatus, visit.asked("status"))
    before = uuid_or_none(visit.asked("before"))
    read = webhooks.list_callbacks if path == CALLBACKS else webhooks.list_deliveries
    found = await read(
        visit.db,
        actor=visit.actor,
        status=status,
        before=None if before is None else DeliveryId(before),
        limit=PAGE + 1,
    )
    return visit.page(
        "settings/webhooks/deliveries.html",
        title="Callbacks" if path == CALLBACKS else "Deliveries",
        tabs_shown=words.tabs_at(path),
        list_path=path,
        is_callbacks=path == CALLBACKS,
        chosen=status,
        secret=secret,
        words=words,
        **paged(path, found, key=lambda one: one.id, before=before, status=status),
    )


async def show(visit: Visit) -> ASGIResponse:
    """Show a delivery: its bytes, and what came of every attempt."""
    found = await webhooks.get_delivery(visit.db, actor=visit.actor, delivery_id=_id_of(visit))
    return visit.page(
        "settings/webhooks/delivery.html",
        title=found.delivery.topic,
        found=found,
        one=found.delivery,
        body=_readable(found.body),
        is_pending=found.delivery.status is DeliveryStatus.PENDING,
        words=words,
    )


async def replay(visit: Visit, _: Form) -> ASGIResponse:
    """Send a delivery again."""
    delivery_id = _id_of(visit)
    await webhooks.replay_delivery(visit.db, actor=visit.actor, delivery_id=delivery_id, now=visit.now)
    return visit.go(f"{DELIVERIES}/{delivery_id}", notice="webhooks.replayed")


async def replay_ticked(visit: Visit, form: Form) -> ASGIResponse:
    """Send the ticked deliveries again, and say which were and which were not."""
    ids = list(dict.fromkeys(one for text in form.all("ids") if (one := uuid_or_none(text)) is not None))
    if not ids:
        raise InvalidInput([FieldProblem("ids", "missing", "tick at least one delivery in the list first")])
    if len(ids) > MOST_AT_ONCE:
        text = f"at most {MOST_AT_ONCE} are sent again at once"
        raise InvalidInput([FieldProblem("ids", "webhook.too_many", text)])
    refused = []
    for one in ids:
        try:
            await webhooks.replay_delivery(
                visit.db, actor=visit.actor, delivery_id=DeliveryId(one), now=visit.now
            )
        except DomainError as refusal:
            if refusal.kind in _OUTAGES:
                raise
            refused.append((one, refusal.text))
    return visit.page(
        "settings/webhooks/replayed.html",
        title="What became of them",
        count=len(ids) - len(refused),
        refused=refused,
        back=own_path(form["back"], default=DELIVERIES),
    )


async def show_secret(visit: Visit, _: Form) -> ASGIResponse:
    """Show what callbacks are signed with; history notes that it was shown."""
    secret = await webhooks.show_secret(visit.db, actor=visit.actor, endpoint_id=None, now=visit.now)
    return await _list(visit, CALLBACKS, secret=secret)


async def rotate_secret(visit: Visit, _: Form) -> ASGIResponse:
    """Replace what callbacks are signed with, and show the new one."""
    secret = await webhooks.rotate_secret(visit.db, actor=visit.actor, endpoint_id=None, now=visit.now)
    return await _list(visit, CALLBACKS, secret=secret)


def _readable(body: bytes) -> str:
    """Return a body on many lines where it is JSON, else as it is."""
    text = body.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def _id_of(visit: Visit) -> DeliveryId:
    delivery_id = uuid_or_none(visit.named("delivery"))
    if delivery_id is None:
        raise DeliveryUnknown(delivery_id=visit.named("delivery")[:64])
    return DeliveryId(delivery_id)


_READ, _WRITE = Right.WEBHOOKS_READ, Right.WEBHOOKS_WRITE
HANDLERS = [
    shows(DELIVERIES, view, right=_READ),
    shows(CALLBACKS, view_callbacks, right=_READ),
    takes(f"{CALLBACKS}/secret", show_secret, right=_WRITE),
    takes(f"{CALLBACKS}/rotate", rotate_secret, right=_WRITE),
    takes(f"{DELIVERIES}/replay", replay_ticked, right=_WRITE, again=view),
    shows(f"{DELIVERIES}/{{delivery:str}}", show, right=_READ),
    takes(f"{DELIVERIES}/{{delivery:str}}/replay", replay, right=_WRITE, again=show),
]
