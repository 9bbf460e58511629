"""Add people to a campaign: the case and its items are written here; `reactions` sends the parcels."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from backhaul.domain.directory.model import EmployeeId
from backhaul.domain.holds import NewHold, place_known
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.inventory.model import AssetId
from backhaul.domain.recovery import tables
from backhaul.domain.recovery.codes import CODE_LENGTH, code_from
from backhaul.domain.recovery.errors import CampaignMoveRefused
from backhaul.domain.recovery.events import CaseOpened
from backhaul.domain.recovery.holding import holds_on
from backhaul.domain.recovery.model import (
    MAX_CASES_AT_ONCE,
    Campaign,
    CampaignStatus,
    Case,
    CaseId,
    Item,
    ItemId,
    NewCase,
)
from backhaul.domain.recovery.packing import pack
from backhaul.domain.recovery.spelling import check_case, check_many, clean_case, is_doubtful
from backhaul.domain.recovery.starting.days import begins_at
from backhaul.domain.recovery.tables import Known
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import new_id
from backhaul.kernel.internet import Networks
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Scope, Tx


async def add_case(
    db: Database, *, actor: Actor, campaign_number: str, new: NewCase, now: datetime, allowed: Networks = ()
) -> Case:
    """Add somebody to an active campaign; refuses who is in it already (contract Unduit C27).

    Nothing is sent, ordered or written before the campaign's start: until then the case waits (`begins_at`).
    `allowed` are private networks that may be called back. Marking an item for a court is placing a legal hold, and
    needs that right as well.
    """
    scope = _scope(actor, [new])
    _refuse(check_case(new, allowed=allowed))
    clean = clean_case(new)
    async with db.transaction(scope) as tx:
        campaign, known = await tables.lock_and_look(tx, campaign_number, clean)
        (case,) = await _open(tx, actor, campaign, [clean], known, now=now)
        with tables.taken_names_refused(emails=case.email, campaign=campaign.public_number):
            await tx.write_facts()
    return case


async def add_cases(
    db: Database,
    *,
    actor: Actor,
    campaign_number: str,
    many: Sequence[NewCase],
    now: datetime,
    allowed: Networks = (),
    most: int = MAX_CASES_AT_ONCE,
) -> tuple[Case, ...]:
    """Add one to a hundred people to an active campaign, all or none, in the order given; otherwise like `add_case`.

    `most` is another limit than the contract's hundred.
    """
    scope = _scope(actor, many)
    problems = check_many(many, most=most)
    for position, new in enumerate(many):
        problems += [
            FieldProblem(f"[{position}].{problem.path}", problem.code, problem.text)
            for problem in check_case(new, allowed=allowed)
        ]
    _refuse(problems)
    clean = [clean_case(new) for new in many]
    async with db.transaction(scope) as tx:
        campaign = await tables.lock_campaign(tx, campaign_number)
        known = await tables.look(tx, campaign, clean)
        cases = await _open(tx, actor, campaign, clean, known, now=now)
    return tuple(cases)


def _scope(actor: Actor, many: Sequence[NewCase]) -> Scope:
    if any(item.is_legal_hold for new in many for item in new.items):
        actor.require_all([Right.HOLDS_WRITE])
    return actor.scope(Right.RECOVERY_WRITE)


def _refuse(problems: list[FieldProblem]) -> None:
    if problems:
        raise InvalidInput(problems)


async def _open(
    tx: Tx, actor: Actor, campaign: Campaign, many: Sequence[NewCase], known: Known, *, now: datetime
) -> list[Case]:
    """Note new cases in a locked campaign, with everything that is written with them."""
    if campaign.status is not CampaignStatus.ACTIVE:
        raise CampaignMoveRefused(status=campaign.status.value, action="take anybody in any more")
    asset_ids = iter(known.asset_ids)
    employee_ids = known.employee_ids or {}
    cases = []
    held: list[NewHold] = []
    for new, number in zip(many, known.numbers, strict=True):
        case = _case(campaign, new, number, employee_ids.get(new.email.lower()), now)
        items = _items(case, campaign, new, [next(asset_ids) for _ in new.items])
        tables.open_case(tx, case, items)
        subject = ("recovery_case", case.id)
        action = "added" if case.is_waiting else "opened"
        history.note(tx, actor.author, subject=subject, action=action, at=now, after=case)
        if not case.is_waiting:
            outbox.record(tx, CaseOpened(subject_id=case.id, plan=actor.plan), at=now)
        cases.append(case)
        held += holds_on(case, items)
    if held:
        await place_known(tx, author=actor.author, many=held, at=now)
    tables.count(tx, campaign.id, cases=len(cases), items=sum(len(new.items) for new in many))
    return cases


def _case(campaign: Campaign, new: NewCase, number: int, employee_id: str | None, now: datetime) -> Case:
    address = new.address
    return Case(
        id=CaseId(new_id()),
        org_id=campaign.org_id,
        number=number,
        code=code_from(secrets.token_bytes(CODE_LENGTH)),
        campaign_id=campaign.id,
        employee_id=None if employee_id is None else EmployeeId(UUID(employee_id)),
        email=new.email,
        first_name=new.first_name,
        last_name=new.last_name,
        phone=new.phone,
        line_1=address.line_1,
        line_2=address.line_2,
        city=address.city,
        state=address.state,
        postal_code=address.postal_code,
        country_code=address.country_code,
        shipping=new.shipping,
        callback_url=new.callback_url,
        reason=new.reason,
        reason_note=new.reason_note,
        outcome=None,
        ending=None,
        diagnosed_at=None,
        created_at=now,
        updated_at=now,
        version=1,
        begins_at=begins_at(campaign, now),
        is_address_doubtful=is_doubtful(address),
    )


def _items(case: Case, campaign: Campaign, new: NewCase, asset_ids: Sequence[str | None]) -> list[Item]:
    packed = pack(new.items, campaign.return_addresses, country_code=new.address.country_code)
    parcel_of = {position: number for number, parcel in enumerate(packed, 1) for position in parcel.positions}
    return [
        Item(
            id=ItemId(new_id()),
            org_id=case.org_id,
            case_id=case.id,
            position=position,
            parcel=parcel_of[position],
            name=item.name,
            serial_number=item.serial_number,
            tag=item.tag,
            imei=item.imei,
            custom_1=item.custom_1,
            custom_2=item.custom_2,
            is_legal_hold=item.is_legal_hold,
            asset_id=None if asset_id is None else AssetId(UUID(asset_id)),
            outcome=None,
            ending=None,
        )
        for position, (item, asset_id) in enumerate(zip(new.items, asset_ids, strict=True), 1)
    ]
