"""People and devices of two organizations, as the documentation's examples have them."""

from datetime import date

import msgspec

from backhaul.domain import recovery
from backhaul.domain.directory import Details, LocationType, PostalAddress, add_employee
from backhaul.domain.holds import NewSubject, SubjectKind, get_hold, place_hold
from backhaul.domain.identity import operator_actor, set_default_address
from backhaul.domain.inventory.model import NewAsset, asset_number
from backhaul.domain.inventory.operations import add_asset
from backhaul.domain.recovery import NewCampaign, NewCase, NewItem
from tests.making import OFFICE

WRITTEN = (
    "employees",
    "locations",
    "departments",
    "assets",
    "models",
    "product_types",
    "manufacturers",
    "custody_events",
    "holds",
    "hold_subjects",
    "hold_releases",
    "recovery_campaigns",
    "recovery_cases",
    "recovery_items",
    "recovery_parcels",
    "history",
    "outbox",
)
JOHN = Details(
    first_name="John",
    last_name="Doe",
    email="john.doe@unduit.com",
    phone="2135550198",
    phone_country="+1",
    location_name="Los Angeles HQ",
    location_type=LocationType.WAREHOUSE,
    address=PostalAddress(
        line_1="1234 Elm Street",
        line_2="Suite 400",
        city="Los Angeles",
        state="CA",
        postal_code="90001",
        country_code="US",
    ),
)
JANE = Details(
    first_name="Jane",
    last_name="Smith",
    email="jane.smith@example.com",
    phone="0987654321",
    phone_country="US",
    location_type=LocationType.REMOTE_EMPLOYEE,
    address=PostalAddress(
        line_1="5678 Oak Avenue", city="New York", state="NY", postal_code="10001", country_code="US"
    ),
    department_name="IT",
    manager_email="john.doe@unduit.com",
    starts_on=date(2024, 3, 1),
)
HANDS = 8  # devices to give and to take, so that no case needs another's


class Furnishing:
    """Adds people and devices for a caller and remembers under which names cases call them."""

    def __init__(self, installation, actor):
        self.installation, self.actor = installation, actor

    async def person(self, name, details):
        made = self.installation
        employee = await add_employee(made.db, actor=self.actor, details=details, now=made.clock.now())
        made.ids |= {name: employee.number, f"{name}_id": str(employee.id)}

    async def device(self, name, **changes):
        made = self.installation
        new = NewAsset(
            **{
                "product_type": "Laptop",
                "product_name": "Demo Laptop",
                "manufacturer": "Lenovo",
                "status_name": "Available",
                **changes,
            }
        )
        detail = await add_asset(made.db, actor=self.actor, new=new, now=made.clock.now())
        made.ids[name] = asset_number(detail.asset.number, detail.asset.created_at)

    async def hold(self, serial_number):
        """Place a legal hold; cases know it as `hold`, and its line of the list as `hold_line`."""
        made = self.installation
        hold = await place_hold(
            made.db,
            actor=self.actor,
            summary="Smith v. Maas",
            description="Keep everything.",
            subjects=[NewSubject(kind=SubjectKind.ASSET, name=serial_number)],
            now=made.clock.now(),
        )
        found = await get_hold(made.db, actor=self.actor, hold=hold.number)
        made.ids |= {"hold": hold.number, "hold_line": found.subjects[0].number}

    async def campaign(self, name, title):
        made = self.installation
        campaign = await recovery.create_campaign(
            made.db, actor=self.actor, new=NewCampaign(name=title), now=made.clock.now()
        )
        made.ids[name] = campaign.public_number

    async def recovery(self, name, campaign, details):
        """Somebody of the directory in a campaign, with one laptop and one phone."""
        made = self.installation
        new = NewCase(
            email=details.email,
            first_name=details.first_name,
            last_name=details.last_name,
            phone=details.phone,
            address=details.address,
            items=(NewItem(name="Demo Laptop", serial_number="SN-ABCD1234"), NewItem(name="iPhone")),
        )
        case = await recovery.add_case(
            made.db, actor=self.actor, campaign_number=made.ids[campaign], new=new, now=made.clock.now()
        )
        made.ids |= {name: case.public_number, f"{name}_code": case.code}


async def furnish(made):
    """Give both organizations people and devices, some under the same names."""
    ours = Furnishing(made, made.actors["owner"])
    await ours.person("john", JOHN)
    await ours.person("jane", JANE)
    await ours.device(
        "held",
        serial_number="SN-ABCD1234",
        tag="LEN-0000-ABCD1234",
        model_number="DL-1234",
        purchased_on=date(2024, 10, 31),
        status_name="In Use",
        assign_to_email=JANE.email,
        department="IT",
        location_name="Los Angeles HQ",
        specs={"processor": "Intel Core i7", "os": "Ubuntu 22.04"},
    )
    await ours.device("stock", serial_number="SN-STOCK", sku="SKU123", tag="DEMO-ASSET-123")
    await ours.device("odd", serial_number="SN /1 ÄÖ%2F")
    await ours.device("on_hold", serial_number="SN-HOLD", status_name="Legal Hold")
    await ours.hold("SN-HOLD")
    await ours.device("twin_1", serial_number="SN-TWIN-1", tag="TWIN")
    await ours.device("twin_2", serial_number="SN-TWIN-2", tag="twin")
    for n in range(HANDS):
        await ours.device(f"give_{n}", serial_number=f"GIVE-{n}")
        await ours.device(f"change_{n}", serial_number=f"CHANGE-{n}")
        await ours.device(
            f"take_{n}", serial_number=f"TAKE-{n}", status_name="in use", assign_to_email=JOHN.email
        )
    await _settle_down(made, "ours")
    await ours.campaign("full_campaign", "Full Campaign")
    await ours.campaign("campaign", "Campaign to Fill")
    await ours.recovery("recovery", "full_campaign", JANE)
    await ours.recovery("other_recovery", "full_campaign", JOHN)
    made.ids["own_token"] = await made.token("owner")
    theirs = Furnishing(made, made.actors["stranger"])
    await theirs.person("their_person", msgspec.structs.replace(JANE, manager_email=None))
    await theirs.device("their_device", serial_number="SN-ABCD1234", tag="LEN-0000-ABCD1234")
    await theirs.device("their_other", serial_number="SN-THEIRS", tag="THEIRS")
    await _settle_down(made, "theirs")
    await theirs.campaign("their_campaign", "Full Campaign")
    await theirs.recovery("their_recovery", "their_campaign", JANE)
    return made


async def _settle_down(made, name):
    """Give an organization the address that its devices go to."""
    operator = operator_actor(made.organizations[name])
    await set_default_address(made.db, actor=operator, address=OFFICE, now=made.clock.now())
