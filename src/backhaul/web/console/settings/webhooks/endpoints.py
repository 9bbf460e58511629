"""Endpoints: added, tested, switched off and on, given another secret, removed."""

from litestar.response.base import ASGIResponse

from backhaul.domain import webhooks
from backhaul.domain.announcing import Wordings, send_test
from backhaul.domain.announcing.ports import RESHIPMENT_TOPIC, RETURN_TOPIC
from backhaul.domain.identity import Plan, Right
from backhaul.domain.webhooks import DeliveryStatus, EndpointId, EndpointUnknown
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console import notices
from backhaul.web.console.cursors import code_or_none, uuid_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.notices import Notice, Undo
from backhaul.web.console.paging import paged
from backhaul.web.console.settings.webhooks import words
from backhaul.web.console.visiting import Visit

PATH = "/settings/webhooks"
PAGE = 25
TOPICS = ((RETURN_TOPIC, "Returns alone"), (RESHIPMENT_TOPIC, "Reshipments alone"))

notices.declare(
    {
        "webhooks.switched_off": Notice(
            "The endpoint is switched off: it is told nothing, and what waited for it is cancelled.",
            Undo(f"{PATH}/{{about}}/on"),
        ),
        "webhooks.switched_on": Notice(
            "The endpoint is switched on. Replay what it missed.", Undo(f"{PATH}/{{about}}/off")
        ),
        "webhooks.changed": "The endpoint's address is changed.",
        "webhooks.removed": "The endpoint is removed. Its deliveries stay in the log.",
        "webhooks.tested": "A test event is on its way.",
    }
)


async def view(visit: Visit) -> ASGIResponse:
    """List endpoints, and the form for another."""
    return await _show(visit)


async def _show(
    visit: Visit, *, secret: str | None = None, made: webhooks.Endpoint | None = None
) -> ASGIResponse:
    found = await webhooks.list_endpoints(visit.db, actor=visit.actor)
    wordings: Wordings = visit.port(Wordings)
    versions = [(name, f"{name}: news of transfers") for name in wordings.of_transfers]
    versions += [(name, f"{name}: news of returns and reshipments") for name in wordings.of_parcels]
    return visit.page(
        "settings/webhooks/endpoints.html",
        title="Webhooks",
        tabs_shown=words.tabs_at(PATH),
        found=found,
        versions=versions,
        topics=TOPICS,
        secret=secret,
        made=made,
        needs_plan=visit.actor.plan is Plan.FREE,
        words=words,
    )


async def add(visit: Visit, form: Form) -> ASGIResponse:
    """Add an endpoint, and show its secret on the page that answers."""
    wordings: Wordings = visit.port(Wordings)
    topic = form.optional("topic")
    if topic is not None and form["version"] not in wordings.of_parcels:
        text = "must be everything: this version tells of transfers, and of all of them"
        raise InvalidInput([FieldProblem("topic", "webhook.topic_unknown", text)])
    if topic is not None and topic not in {name for name, _ in TOPICS}:
        raise InvalidInput([FieldProblem("topic", "webhook.topic_unknown", "must be one of the list")])
    made, secret = await webhooks.add_endpoint(
        visit.db,
        actor=visit.actor,
        url=form["url"],
        terms=wordings.catalog().get(form["version"]),
        policy=visit.port(webhooks.Policy),
        topic=topic,
        now=visit.now,
    )
    return await _show(visit, secret=secret, made=made)


async def show(visit: Visit) -> ASGIResponse:
    """Show an endpoint with its deliveries."""
    return await _show_one(visit)


async def _show_one(visit: Visit, *, secret: str | None = None) -> ASGIResponse:
    endpoint_id = _id_of(visit)
    endpoint = await webhooks.get_endpoint(visit.db, actor=visit.actor, endpoint_id=endpoint_id)
    status = code_or_none(DeliveryStatus, visit.asked("status"))
    before = uuid_or_none(visit.asked("before"))
    found = await webhooks.list_deliveries(
        visit.db,
        actor=visit.actor,
        status=status,
        endpoint_id=endpoint_id,
        before=None if before is None else webhooks.DeliveryId(before),
        limit=PAGE + 1,
    )
    here = f"{PATH}/{endpoint_id}"
    return visit.page(
        "settings/webhooks/endpoint.html",
        title="Webhook endpoint",
        endpoint=endpoint,
        chosen=status,
        here_path=here,
        secret=secret,
        words=words,
        **paged(here, found, key=lambda one: one.id, before=before, size=PAGE, status=status),
    )


async def test(visit: Visit, _: Form) -> ASGIResponse:
    """Have a test event sent, and go to what becomes of it."""
    delivery_id = await send_test(
        visit.db,
        actor=visit.actor,
        endpoint_id=_id_of(visit),
        wordings=visit.port(Wordings),
        now=visit.now,
    )
    return visit.go(f"{PATH}/deliveries/{delivery_id}", notice="webhooks.tested")


async def rotate(visit: Visit, _: Form) -> ASGIResponse:
    """Replace the secret, and show the new one once."""
    secret = await webhooks.rotate_secret(
        visit.db, actor=visit.actor, endpoint_id=_id_of(visit), now=visit.now
    )
    return await _show_one(visit, secret=secret)


async def change_url(visit: Visit, form: Form) -> ASGIResponse:
    """Have news sent to another URL."""
    endpoint_id = _id_of(visit)
    await webhooks.change_endpoint(
        visit.db,
        actor=visit.actor,
        endpoint_id=endpoint_id,
        policy=visit.port(webhooks.Policy),
        url=form["url"],
        now=visit.now,
    )
    return visit.go(f"{PATH}/{endpoint_id}", notice="webhooks.changed")


async def switch_off(visit: Visit, _: Form) -> ASGIResponse:
    """Tell an endpoint nothing any more."""
    return await _switch(visit, is_active=False)


async def switch_on(visit: Visit, _: Form) -> ASGIResponse:
    """Tell an endpoint news again."""
    return await _switch(visit, is_active=True)


async def _switch(visit: Visit, *, is_active: bool) -> ASGIResponse:
    endpoint_id = _id_of(visit)
    await webhooks.change_endpoint(
        visit.db,
        actor=visit.actor,
        endpoint_id=endpoint_id,
        policy=visit.port(webhooks.Policy),
        is_active=is_active,
        now=visit.now,
    )
    notice = "webhooks.switched_on" if is_active else "webhooks.switched_off"
    return visit.go(f"{PATH}/{endpoint_id}", notice=notice, about=endpoint_id)


async def remove(visit: Visit, _: Form) -> ASGIResponse:
    """Remove an endpoint."""
    await webhooks.remove_endpoint(visit.db, actor=visit.actor, endpoint_id=_id_of(visit), now=visit.now)
    return visit.go(PATH, notice="webhooks.removed")


def _id_of(visit: Visit) -> EndpointId:
    endpoint_id = uuid_or_none(visit.named("endpoint"))
    if endpoint_id is None:
        raise EndpointUnknown(endpoint_id=visit.named("endpoint")[:64])
    return EndpointId(endpoint_id)


_ONE = f"{PATH}/{{endpoint:str}}"
_WRITE = Right.WEBHOOKS_WRITE
HANDLERS = [
    shows(PATH, view, right=Right.WEBHOOKS_READ),
    takes(PATH, add, right=_WRITE, again=view),
    shows(_ONE, show, right=Right.WEBHOOKS_READ),
    takes(f"{_ONE}/test", test, right=_WRITE, again=show),
    takes(f"{_ONE}/rotate", rotate, right=_WRITE, again=show),
    takes(f"{_ONE}/url", change_url, right=_WRITE, again=show),
    takes(f"{_ONE}/off", switch_off, right=_WRITE, again=show),
    takes(f"{_ONE}/on", switch_on, right=_WRITE, again=show),
    takes(f"{_ONE}/remove", remove, right=_WRITE, again=show),
]
