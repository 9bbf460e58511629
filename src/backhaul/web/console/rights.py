"""What each right is for, in words, and who can give it to whoever lacks it. Pure."""

from backhaul.domain.identity.model import RIGHTS, Right, Role

PURPOSES: dict[Right, str] = {
    Right.TRANSFERS_READ: "Seeing transfers and exceptions",
    Right.TRANSFERS_WRITE: "Ordering and changing transfers",
    Right.DIRECTORY_READ: "Seeing people and locations",
    Right.DIRECTORY_WRITE: "Changing people and locations",
    Right.INVENTORY_READ: "Seeing devices",
    Right.INVENTORY_WRITE: "Adding, changing and handing over devices",
    Right.RECOVERY_READ: "Seeing campaigns and cases",
    Right.RECOVERY_WRITE: "Running campaigns and cases",
    Right.RETURNS_READ: "Seeing returns and reshipments",
    Right.RETURNS_WRITE: "Deciding on returns and reshipments",
    Right.HOLDS_READ: "Seeing legal holds",
    Right.HOLDS_WRITE: "Placing and releasing legal holds",
    Right.BILLING_READ: "Seeing the money",
    Right.BILLING_WRITE: "Paying: topping up the wallet and answering quotes",
    Right.WEBHOOKS_READ: "Seeing webhooks",
    Right.WEBHOOKS_WRITE: "Changing webhooks",
    Right.KEYS_MANAGE: "Managing API keys and clients",
    Right.MEMBERS_MANAGE: "Managing members and invitations",
    Right.ORGANIZATION_MANAGE: "Changing the organization, its letters and its reminders, and reading its audit log",
    Right.OWNERS_MANAGE: "Making and unmaking owners",
    Right.INSTALLATION_OPERATE: "Running this installation",
    Right.WAREHOUSE_OPERATE: "Working in the warehouse",
}
_PLURALS = {Role.VIEWER: "viewers", Role.MEMBER: "members", Role.ADMIN: "admins", Role.OWNER: "owners"}


def missing(right: Right, *, role: Role, organization: str) -> str:
    """Return what a right is for, who has it, and who can give it."""
    having = [name for one, name in _PLURALS.items() if right in RIGHTS[one]]
    if not having:
        return f"{PURPOSES[right]} is for the operator of this installation alone. Ask whoever runs it."
    names = " and ".join(filter(None, (", ".join(having[:-1]), having[-1])))
    giver = "An owner" if right is Right.OWNERS_MANAGE else "An owner or admin"
    return (
        f"{PURPOSES[right]} is for {names}, and you are {_WITH_ARTICLE[role]} of {organization}. "
        f"{giver} of {organization} can give you another role, under Settings, Members."
    )


_WITH_ARTICLE = {
    Role.VIEWER: "a viewer",
    Role.MEMBER: "a member",
    Role.ADMIN: "an admin",
    Role.OWNER: "an owner",
    Role.OPERATOR: "an operator",
}
