"""API keys: made, shown once, revoked."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import (
    ApiKey,
    ApiKeyId,
    Plan,
    Right,
    create_api_key,
    list_api_keys,
    revoke_api_key,
)
from backhaul.domain.identity.errors import ApiKeyUnknown, PlanTooSmall
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console import notices
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.settings import scopes
from backhaul.web.console.visiting import Visit

PATH = "/settings/keys"
PAGE = 50

notices.declare({"keys.revoked": "The key is revoked. Programs that use it are refused from now on."})


async def view(visit: Visit) -> ASGIResponse:
    """Show the organization's keys, and the form for another."""
    return await _show(visit)


async def _show(visit: Visit, *, made: ApiKey | None = None, secret: str | None = None) -> ASGIResponse:
    before = _id_or_none(visit.asked("before"))
    keys = await list_api_keys(visit.db, actor=visit.actor, limit=PAGE + 1, before=before)
    return visit.page(
        "settings/keys.html",
        title="API keys",
        keys=keys[:PAGE],
        older=f"{PATH}?before={keys[PAGE - 1].id}" if len(keys) > PAGE else None,
        made=made,
        secret=secret,
        offered=[right for right in Right if right in visit.actor.rights],
        said=scopes.OF_KEYS,
        needs_plan=visit.actor.plan is Plan.FREE,
    )


async def create(visit: Visit, form: Form) -> ASGIResponse:
    """Make a key, and show its secret on the page that answers: it is not kept anywhere."""
    if visit.actor.plan is Plan.FREE:
        raise PlanTooSmall(plan=visit.actor.plan.value)
    made, secret = await create_api_key(
        visit.db,
        actor=visit.actor,
        name=form["name"],
        scopes=_scopes(form),
        allowed_networks=form["allowed_networks"].replace(",", " ").split(),
        expires_at=_expiry(visit, form["expires_at"]),
        now=visit.now,
    )
    return await _show(visit, made=made, secret=secret)


async def revoke(visit: Visit, _: Form) -> ASGIResponse:
    """End a key at once."""
    key_id = _id_or_none(visit.named("key"))
    if key_id is None:
        raise ApiKeyUnknown(api_key=visit.named("key")[:64])
    await revoke_api_key(visit.db, actor=visit.actor, key_id=key_id, now=visit.now)
    return visit.go(PATH, notice="keys.revoked")


def _scopes(form: Form) -> list[Right]:
    if form["reach"] != "some":
        return []
    known = {right.value: right for right in Right}
    chosen = [known[text] for text in form.all("scopes") if text in known]
    if not chosen:
        # No scopes at all would mean everything.
        problem = FieldProblem(
            "scopes", "identity.scopes_missing", "choose at least one, or all that your role allows"
        )
        raise InvalidInput([problem])
    return chosen


def _expiry(visit: Visit, text: str) -> datetime | None:
    """Return the end of the chosen day, as the viewer's zone has it."""
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 -- a day has no zone
        return datetime.combine(day + timedelta(days=1), time(), visit.zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput([FieldProblem("expires_at", "identity.expiry_shape", "must be a date")]) from None


def _id_or_none(text: str | None) -> ApiKeyId | None:
    try:
        return None if text is None else ApiKeyId(UUID(text))
    except ValueError:
        return None


_MANAGE = Right.KEYS_MANAGE
HANDLERS = [
    shows(PATH, view, right=_MANAGE),
    takes(PATH, create, right=_MANAGE, again=view),
    takes(f"{PATH}/{{key:str}}/revoke", revoke, right=_MANAGE),
]
