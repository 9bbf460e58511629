"""The recovery desk of an organization, as tests see it: every operation in a word."""

import contextlib

import pytest
from tests.making import COUNTER, OFFICE

from backhaul.domain import recovery
from backhaul.domain.directory import PostalAddress
from backhaul.domain.identity import Right, operator_actor, set_default_address
from backhaul.domain.identity.queries import get_organization
from backhaul.domain.recovery import NewCampaign, NewCase, NewItem
from backhaul.domain.transfers.model import TransferId
from backhaul.domain.transfers.queries import get_detail
from backhaul.kernel.errors import DomainError
from backhaul.storage.database import Scope

HOME = PostalAddress(
    line_1="404 Hidden Spring Lane", city="Pittsburgh", state="PA", postal_code="15238", country_code="US"
)
TABLES = (
    "recovery_campaigns", "recovery_cases", "recovery_items", "recovery_parcels", "transfers", "shipments",
    "webhook_deliveries", "history", "outbox",
)  # fmt: skip


class Desk:
    """Speaks for one organization."""

    def __init__(self, world):
        self.world, self.db, self.actor = world, world.db, world.actor

    @property
    def now(self):
        return self.world.now

    async def furnished(self):
        async with self.db.read(Scope(self.actor.org_id)) as reader:
            organization = await get_organization(reader, Scope(self.actor.org_id))
        operator = operator_actor(organization)
        await set_default_address(self.db, actor=operator, address=OFFICE, now=self.now)
        self.campaign = await self.create(name="Laptops 2026")
        return self

    async def create(self, **values):
        new = NewCampaign(**{"name": f"Campaign {next(COUNTER)}", **values})
        return await recovery.create_campaign(self.db, actor=self.actor, new=new, now=self.now)

    def person(self, *items, **changes):
        """Somebody to add, who has one laptop unless items are named."""
        n = next(COUNTER)
        things = tuple(NewItem(name=item) if isinstance(item, str) else item for item in items)
        values = {
            "email": f"person{n}@home.example",
            "first_name": "John",
            "last_name": "Doe",
            "phone": "4125550198",
            "address": HOME,
            "items": things or (NewItem(name="Laptop"),),
        }
        return NewCase(**{**values, **changes})

    async def add(self, *items, campaign=None, **changes):
        number = (campaign or self.campaign).public_number
        return await recovery.add_case(
            self.db,
            actor=self.actor,
            campaign_number=number,
            new=self.person(*items, **changes),
            now=self.now,
        )

    async def look(self, case):
        found = await recovery.get_case(self.db, actor=self.actor, ref=case.public_number)
        return found.detail

    async def transfers(self, case):
        detail = await self.look(case)
        return [
            (await get_detail(self.db, actor=self.actor, transfer_id=TransferId(p.transfer_id))).transfer
            for p in detail.parcels
        ]

    async def end(self, case, outcome, **how):
        return await recovery.close_case(
            self.db, actor=self.actor, case=case.public_number, outcome=outcome, now=self.now, **how
        )

    async def end_item(self, case, position, outcome, **how):
        return await recovery.close_item(
            self.db,
            actor=self.actor,
            case=case.public_number,
            position=position,
            outcome=outcome,
            now=self.now,
            **how,
        )

    async def traces(self):
        """Everything a refused call must leave alone."""
        scope = self.actor.scope(Right.RECOVERY_READ)
        async with self.db.read(scope) as reader:
            return {
                name: [row["whole"] for row in await reader.fetch(
                    f"SELECT {name}::text AS whole FROM {name} WHERE org_id = $1 ORDER BY 1", scope.org_id
                )]
                for name in TABLES
            }  # fmt: skip

    @contextlib.asynccontextmanager
    async def refuses(self, kind: type[DomainError]):
        """A refusal of this kind, after which everything is as it was."""
        before = await self.traces()
        with pytest.raises(kind) as refused:
            yield refused
        assert type(refused.value) is kind
        assert await self.traces() == before
