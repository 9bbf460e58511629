"""Factories for tests."""

import itertools

from backhaul.domain.directory import Details, PostalAddress, add_employee
from backhaul.domain.identity import (
    OPERATOR_ORG_ID,
    Plan,
    Role,
    add_member,
    create_api_key,
    create_organization,
    create_user,
    operator_actor,
    system_actor,
)
from backhaul.domain.identity.model import Actor, rights_of
from backhaul.domain.inventory.model import NewAsset
from backhaul.domain.inventory.operations import add_asset
from backhaul.domain.transfers.model import Direction, Order
from backhaul.domain.transfers.operations import place_transfer
from backhaul.kernel.addresses import Address
from backhaul.storage.history import Author

COUNTER = itertools.count(1)

OFFICE = Address(
    name="Maas Biolabs",
    attention="Human Resources",
    line_1="555 Nondescript Road",
    city="Maricopa",
    state_code="AZ",
    postal_code="85139",
    country_code="US",
    notification_emails=("it@maas.example",),
)
HOME = Address(
    name="Christopher Mitchell",
    line_1="404 Hidden Spring Lane",
    city="Pittsburgh",
    state_code="PA",
    postal_code="15238",
    country_code="US",
    notification_emails=("christopher@home.example",),
)

STREET = PostalAddress(
    line_1="123 Market Street", city="San Francisco", state="CA", postal_code="94103", country_code="US"
)


class Make:
    """Makes what a test needs, through the same operations as everybody."""

    def __init__(self, db, clock):
        self.db, self.clock = db, clock

    async def organization(self, *, plan=Plan.ENTERPRISE, role=Role.OWNER) -> Actor:
        """An organization with one user; returns that user as the caller."""
        n = next(COUNTER)
        now = self.clock.now()
        organization = await create_organization(
            self.db, actor=system_actor(OPERATOR_ORG_ID), name=f"Organization {n}", plan=plan, now=now
        )
        return await self.member(organization, role=role)

    async def member(self, organization, *, role=Role.MEMBER) -> Actor:
        """Another user of an organization."""
        n = next(COUNTER)
        now = self.clock.now()
        user = await create_user(
            self.db,
            actor=system_actor(OPERATOR_ORG_ID),
            email=f"user{n}@example.com",
            name=f"User {n}",
            now=now,
        )
        await add_member(self.db, actor=operator_actor(organization), user_id=user.id, role=role, now=now)
        return Actor(
            org_id=organization.id,
            plan=organization.plan,
            user_id=user.id,
            user_email=user.email,
            rights=rights_of(role, ()),
            author=Author(kind="user", id=user.id),
        )

    async def key(self, actor, **options) -> str:
        """The secret of a new API key of the caller."""
        _, secret = await create_api_key(
            self.db, actor=actor, user_id=actor.user_id, name="test", now=self.clock.now(), **options
        )
        return secret

    def order(self, **changes) -> Order:
        """A valid order."""
        values = {
            "direction": Direction.RETURN,
            "organization_address": OFFICE,
            "employee_address": HOME,
            "device_type": "laptop",
        }
        return Order(**{**values, **changes})

    async def transfer(self, actor, **changes):
        """A placed transfer."""
        return await place_transfer(self.db, actor=actor, order=self.order(**changes), now=self.clock.now())

    def details(self, **changes) -> Details:
        """What is written down about somebody with an address of their own."""
        values = {
            "first_name": "John",
            "last_name": "Doe",
            "email": f"john.doe{next(COUNTER)}@example.com",
            "address": STREET,
        }
        return Details(**{**values, **changes})

    async def employee(self, actor, **changes):
        """Somebody in the directory."""
        return await add_employee(self.db, actor=actor, details=self.details(**changes), now=self.clock.now())

    def new_asset(self, **changes) -> NewAsset:
        """A valid device to add: a laptop in stock."""
        values = {
            "product_type": "Laptop",
            "product_name": "MacBook Pro 16",
            "manufacturer": "Apple",
            "serial_number": f"SN-{next(COUNTER)}",
            "status_name": "Available",
        }
        return NewAsset(**{**values, **changes})

    async def asset(self, actor, **changes):
        """A device in the inventory, with the names of everything it refers to."""
        return await add_asset(self.db, actor=actor, new=self.new_asset(**changes), now=self.clock.now())
