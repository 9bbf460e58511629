"""Tenants."""

from datetime import datetime

import msgspec

from backhaul.domain.identity import events, tables
from backhaul.domain.identity.errors import PlanAgreed
from backhaul.domain.identity.model import Actor, Organization, Plan, Right
from backhaul.domain.identity.spelling import clean_name, clean_slug, slug_from
from backhaul.kernel.addresses import PHONE_SHAPE, Address, is_phone
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import OrgId, new_id
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Scope, Tx


async def create_organization(
    db: Database,
    *,
    actor: Actor,
    name: str,
    now: datetime,
    slug: str | None = None,
    plan: Plan = Plan.FREE,
    parent_id: OrgId | None = None,
    default_address: Address | None = None,
) -> Organization:
    """Create a tenant. Without a slug one is made of the name. History stands in the new organization."""
    actor.scope(Right.INSTALLATION_OPERATE)
    name = clean_name(name)
    slug = clean_slug(slug_from(name) if slug is None else slug)
    org_id = OrgId(new_id())
    async with db.transaction(Scope(org_id)) as tx:
        created = await tables.add_organization(
            tx,
            org_id=org_id,
            name=name,
            slug=slug,
            plan=plan,
            parent_id=parent_id,
            default_address=default_address,
            at=now,
        )
        history.note(
            tx, actor.author, subject=("organization", org_id), action="created", at=now, after=created
        )
        outbox.record(tx, events.OrganizationCreated(subject_id=org_id), at=now)
    return created


async def set_plan(db: Database, *, actor: Actor, plan: Plan, now: datetime) -> Organization:
    """Put the actor's organization on a plan. The plan it is on already changes nothing."""
    scope = actor.scope(Right.INSTALLATION_OPERATE)
    async with db.transaction(scope) as tx:
        before = await tables.lock_organization(tx, scope.org_id)
        if before.plan is plan:
            return before
        return await _put_on_plan(tx, actor, before, plan, now=now)


async def choose_plan(db: Database, *, actor: Actor, plan: Plan, now: datetime) -> Organization:
    """Put one's own organization on the Enterprise plan or back on the free one (contract §1.1, R4).

    The custom plan is the operator's to give and to take: refused with `PlanAgreed`. The plan it is on already
    changes nothing.
    """
    scope = actor.scope(Right.ORGANIZATION_MANAGE)
    async with db.transaction(scope) as tx:
        before = await tables.lock_organization(tx, scope.org_id)
        if before.plan is plan:
            return before
        if Plan.CUSTOM in {before.plan, plan}:
            raise PlanAgreed
        return await _put_on_plan(tx, actor, before, plan, now=now)


async def rename_organization(db: Database, *, actor: Actor, name: str, now: datetime) -> Organization:
    """Change the organization's name; its slug stays. The name it has already changes nothing."""
    scope = actor.scope(Right.ORGANIZATION_MANAGE)
    cleaned = clean_name(name)
    async with db.transaction(scope) as tx:
        before = await tables.lock_organization(tx, scope.org_id)
        if before.name == cleaned:
            return before
        after = await tables.save_organization(tx, msgspec.structs.replace(before, name=cleaned))
        history.note(
            tx,
            actor.author,
            subject=("organization", after.id),
            action="renamed",
            at=now,
            before=before,
            after=after,
        )
    return after


async def _put_on_plan(
    tx: Tx, actor: Actor, before: Organization, plan: Plan, *, now: datetime
) -> Organization:
    after = await tables.save_organization(tx, msgspec.structs.replace(before, plan=plan))
    await tables.tell_authenticators(tx, org_id=after.id)
    history.note(
        tx,
        actor.author,
        subject=("organization", after.id),
        action="plan_set",
        at=now,
        before=before,
        after=after,
    )
    outbox.record(tx, events.PlanChanged(subject_id=after.id, before=before.plan, after=after.plan), at=now)
    return after


async def set_default_address(
    db: Database, *, actor: Actor, address: Address | None, now: datetime
) -> Organization:
    """Set where the organization's devices go unless a request says otherwise; None clears it."""
    scope = actor.scope(Right.ORGANIZATION_MANAGE)
    if address is not None and address.phone is not None and not is_phone(address.phone):
        raise InvalidInput([FieldProblem("phone", "address.phone_shape", PHONE_SHAPE)])
    async with db.transaction(scope) as tx:
        before = await tables.lock_organization(tx, scope.org_id)
        if before.default_address == address:
            return before
        after = await tables.save_organization(tx, msgspec.structs.replace(before, default_address=address))
        history.note(
            tx,
            actor.author,
            subject=("organization", after.id),
            action="default_address_set",
            at=now,
            before=before,
            after=after,
        )
    return after
