"""Who is calling and what they may do: organizations, accounts, memberships, API keys, access tokens, clients.

Not here: what a right is used for, and how a dialect carries its credentials. Start with `model`: `Actor` and
`Right` are what every other capability needs; `authentication` turns a key's secret or an access token into an
`Actor`, and `sessions` makes such a token of a password.
"""

from backhaul.domain.identity.authentication import AuthenticationSettings, Authenticator
from backhaul.domain.identity.model import (
    OPERATOR_ORG_ID,
    Actor,
    ApiKey,
    ApiKeyId,
    Member,
    Membership,
    Organization,
    Plan,
    Right,
    Role,
    User,
    link_actor,
    operator_actor,
    system_actor,
)
from backhaul.domain.identity.operations.keys import create_api_key, revoke_api_key
from backhaul.domain.identity.operations.members import add_member, remove_member, set_role
from backhaul.domain.identity.operations.organizations import (
    choose_plan,
    create_organization,
    rename_organization,
    set_default_address,
    set_plan,
)
from backhaul.domain.identity.operations.signing import rotate_signing_key
from backhaul.domain.identity.operations.users import create_user, disable_user, enable_user, set_password
from backhaul.domain.identity.queries import (
    find_member_by_email,
    find_members,
    find_organization,
    find_user,
    get_organization,
    get_user,
    list_api_keys,
    list_members,
    list_organizations,
    require_member_by_email,
)
from backhaul.domain.identity.sessions import SessionSettings
from backhaul.domain.identity.throttle import Throttle, ThrottleSettings, account_name, address_name

__all__ = [
    "OPERATOR_ORG_ID",
    "Actor",
    "ApiKey",
    "ApiKeyId",
    "AuthenticationSettings",
    "Authenticator",
    "Member",
    "Membership",
    "Organization",
    "Plan",
    "Right",
    "Role",
    "SessionSettings",
    "Throttle",
    "ThrottleSettings",
    "User",
    "account_name",
    "add_member",
    "address_name",
    "choose_plan",
    "create_api_key",
    "create_organization",
    "create_user",
    "disable_user",
    "enable_user",
    "find_member_by_email",
    "find_members",
    "find_organization",
    "find_user",
    "get_organization",
    "get_user",
    "link_actor",
    "list_api_keys",
    "list_members",
    "list_organizations",
    "operator_actor",
    "remove_member",
    "rename_organization",
    "require_member_by_email",
    "revoke_api_key",
    "rotate_signing_key",
    "set_default_address",
    "set_password",
    "set_plan",
    "set_role",
    "system_actor",
]
