"""What happened in identity that others may care about."""

from backhaul.domain.identity.model import Plan, Role
from backhaul.kernel.ids import UserId
from backhaul.storage.outbox import Event, event


@event("identity.organization_created")
class OrganizationCreated(Event, frozen=True, kw_only=True):
    """A tenant exists now; the subject is the organization."""


@event("identity.plan_changed")
class PlanChanged(Event, frozen=True, kw_only=True):
    """The organization is on another plan; the subject is the organization."""

    before: Plan
    after: Plan


@event("identity.member_added")
class MemberAdded(Event, frozen=True, kw_only=True):
    """A user joined the organization; the subject is the user."""

    role: Role


@event("identity.member_removed")
class MemberRemoved(Event, frozen=True, kw_only=True):
    """A user left the organization, and their keys in it ended; the subject is the user."""


@event("identity.api_key_created")
class ApiKeyCreated(Event, frozen=True, kw_only=True):
    """A key was made; the subject is the key."""

    user_id: UserId


@event("identity.api_key_revoked")
class ApiKeyRevoked(Event, frozen=True, kw_only=True):
    """A key ended before its time; the subject is the key."""

    user_id: UserId
