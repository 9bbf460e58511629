"""Where everything is: the side navigation and the settings' own, by rights."""

from functools import cache

import msgspec

from backhaul.domain.identity.model import Actor, Right


class Area(msgspec.Struct, frozen=True):
    """An entry: shown to who has one of its rights; without rights, to everybody."""

    label: str
    path: str
    icon: str = ""
    rights: tuple[Right, ...] = ()

    def is_for(self, rights: frozenset[Right]) -> bool:
        """Tell whether somebody with these rights may go there."""
        return not self.rights or not rights.isdisjoint(self.rights)

    def is_here(self, path: str) -> bool:
        """Tell whether a page belongs to this area."""
        return path == self.path or (self.path != "/" and path.startswith(f"{self.path}/"))


class Group(msgspec.Struct, frozen=True):
    """Entries that belong together."""

    label: str
    areas: tuple[Area, ...]


NAVIGATION: tuple[Group, ...] = (
    Group("", (Area("Home", "/", "home"),)),
    Group(
        "Devices on the way",
        (
            Area("Transfers", "/transfers", "transfers", (Right.TRANSFERS_READ,)),
            Area("Exceptions", "/exceptions", "exceptions", (Right.TRANSFERS_READ,)),
        ),
    ),
    Group(
        "Recovery",
        (
            Area("Campaigns", "/campaigns", "campaigns", (Right.RECOVERY_READ,)),
            Area("Legal holds", "/holds", "holds", (Right.HOLDS_READ,)),
        ),
    ),
    Group(
        "Inventory",
        (
            Area("People", "/people", "people", (Right.DIRECTORY_READ,)),
            Area("Assets", "/assets", "assets", (Right.INVENTORY_READ,)),
            Area("Locations", "/locations", "locations", (Right.DIRECTORY_READ,)),
            Area("Imports", "/imports", "imports", (Right.INVENTORY_WRITE,)),
        ),
    ),
    Group(
        "Warehouse",
        (
            Area("Returns", "/returns", "returns", (Right.RETURNS_READ,)),
            Area("Reshipments", "/reshipments", "reshipments", (Right.RETURNS_READ,)),
            Area("Intake", "/warehouse", "warehouse", (Right.WAREHOUSE_OPERATE,)),
        ),
    ),
    Group(
        "Organization",
        (
            Area("Money", "/money", "money", (Right.BILLING_READ,)),
            Area("Settings", "/settings", "settings", (Right.ORGANIZATION_MANAGE, Right.KEYS_MANAGE)),
        ),
    ),
)

SETTINGS: tuple[Area, ...] = (
    Area("Organization", "/settings/organization", rights=(Right.ORGANIZATION_MANAGE,)),
    Area("API keys", "/settings/keys", rights=(Right.KEYS_MANAGE,)),
    Area("Members", "/settings/members", rights=(Right.MEMBERS_MANAGE,)),
    Area("Clients", "/settings/clients", rights=(Right.KEYS_MANAGE,)),
    Area("Webhooks", "/settings/webhooks", rights=(Right.WEBHOOKS_READ,)),
    Area("Reminders", "/settings/ladders", rights=(Right.ORGANIZATION_MANAGE,)),
    Area("Letters", "/settings/letters", rights=(Right.ORGANIZATION_MANAGE,)),
    Area("Audit log", "/settings/audit", rights=(Right.ORGANIZATION_MANAGE,)),
    Area("Customers", "/settings/customers", rights=(Right.INSTALLATION_OPERATE,)),
    Area("Carriers", "/settings/carriers", rights=(Right.INSTALLATION_OPERATE,)),
    Area("Prices", "/settings/prices", rights=(Right.INSTALLATION_OPERATE,)),
    Area("Mail", "/settings/mail", rights=(Right.INSTALLATION_OPERATE,)),
    Area("Jobs", "/settings/jobs", rights=(Right.INSTALLATION_OPERATE,)),
)


def navigation_for(actor: Actor) -> tuple[Group, ...]:
    """Return the groups that have something for somebody, with only that."""
    return _groups_for(actor.rights)


def settings_for(actor: Actor) -> tuple[Area, ...]:
    """Return the settings that somebody may see."""
    return tuple(area for area in SETTINGS if area.is_for(actor.rights))


@cache
def _groups_for(rights: frozenset[Right]) -> tuple[Group, ...]:
    shown = [
        Group(group.label, tuple(area for area in group.areas if area.is_for(rights))) for group in NAVIGATION
    ]
    return tuple(group for group in shown if group.areas)
