"""What identity refuses."""

from backhaul.kernel.errors import DomainError, Kind


class CredentialsMissing(DomainError):
    """The call carries no credentials."""

    code = "identity.credentials_missing"
    kind = Kind.UNAUTHENTICATED
    message = "This call needs credentials: {hint}"


class CredentialsInvalid(DomainError):
    """The credentials are unknown, expired, revoked or not allowed from this address."""

    code = "identity.credentials_invalid"
    kind = Kind.UNAUTHENTICATED
    message = "The credentials are not valid. They may have been revoked or have expired."


class TokenExpired(DomainError):
    """The access token is genuine, and its time is over."""

    code = "identity.token_expired"
    kind = Kind.UNAUTHENTICATED
    message = "The token has expired. Refresh it or sign in again."


class TokenRevoked(DomainError):
    """The access token is genuine, and was ended before its time: password, account or membership changed."""

    code = "identity.token_revoked"
    kind = Kind.UNAUTHENTICATED
    message = "The token has been revoked. Please sign in again."


class SignInRefused(DomainError):
    """No account that can sign in has this address and password; which of them is wrong is not told."""

    code = "identity.sign_in_refused"
    kind = Kind.UNAUTHENTICATED
    message = "Invalid email or password."


class RefreshRefused(DomainError):
    """What was to be refreshed is no token of ours, or expired too long ago."""

    code = "identity.refresh_refused"
    kind = Kind.UNAUTHENTICATED
    message = "Invalid token."


class RefreshRevoked(DomainError):
    """The token to be refreshed was ended before its time."""

    code = "identity.refresh_revoked"
    kind = Kind.FORBIDDEN
    message = "Refresh token has been revoked."


class TooManyAttempts(DomainError):
    """Too many failed attempts from this address or for this account."""

    code = "identity.too_many_attempts"
    kind = Kind.TOO_MANY
    message = "Too many failed attempts. Please wait {retry_after_seconds} seconds."


class RightMissing(DomainError):
    """The caller's role or the key's scopes do not include this right."""

    code = "identity.right_missing"
    kind = Kind.FORBIDDEN
    message = "This needs the right {right}, which your role or this key does not have."


class PlanTooSmall(DomainError):
    """The organization's plan does not include the API."""

    code = "identity.plan_too_small"
    kind = Kind.FORBIDDEN
    message = (
        "The API belongs to the Enterprise and Custom plans; your organization is on the {plan} plan. "
        "An owner or admin enables the Enterprise plan in the console, under Settings."
    )


class PlanAgreed(DomainError):
    """The custom plan is agreed with whoever runs the installation."""

    code = "identity.plan_agreed"
    kind = Kind.CONFLICT
    message = "The custom plan is agreed with whoever runs this installation. Ask them to change it."


class OrganizationUnknown(DomainError):
    """No organization has this id, number or slug."""

    code = "identity.organization_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no organization {organization}."


class SlugTaken(DomainError):
    """Another organization has this slug."""

    code = "identity.slug_taken"
    kind = Kind.CONFLICT
    message = "Another organization is already called {slug}. Please choose another slug."


class EmailTaken(DomainError):
    """An account with this e-mail address exists."""

    code = "identity.email_taken"
    kind = Kind.CONFLICT
    message = "There is already an account for {email}."


class UserUnknown(DomainError):
    """No account has this id or address."""

    code = "identity.user_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no account {user}."


class AlreadyMember(DomainError):
    """The user is a member of the organization already."""

    code = "identity.already_member"
    kind = Kind.CONFLICT
    message = "This account is already a member of the organization. Change its role instead."


class MemberUnknown(DomainError):
    """The user is not a member of the organization."""

    code = "identity.member_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no member {user} in this organization."


class LastOwnerKept(DomainError):
    """An organization keeps at least one owner."""

    code = "identity.last_owner_kept"
    kind = Kind.CONFLICT
    message = "This is the organization's last owner. Make another member owner first."


class RoleChangedMeanwhile(DomainError):
    """Somebody else gave the member another role since it was read."""

    code = "identity.role_changed_meanwhile"
    kind = Kind.CONFLICT
    message = "The member is {role} by now: somebody else changed it meanwhile. Look at the list again first."


class LastOperatorKept(DomainError):
    """An installation keeps at least one operator who can sign in."""

    code = "identity.last_operator_kept"
    kind = Kind.CONFLICT
    message = "This is the installation's last operator. Make another member operator first."


class OperatorRoleRefused(DomainError):
    """The role `operator` exists in the operator organization alone."""

    code = "identity.operator_role_refused"
    kind = Kind.CONFLICT
    message = "The role operator exists in the operator organization only."


class ApiKeyUnknown(DomainError):
    """The organization has no such API key."""

    code = "identity.api_key_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no API key {api_key} in this organization."


class ApiKeyAlreadyRevoked(DomainError):
    """The API key was revoked before."""

    code = "identity.api_key_already_revoked"
    kind = Kind.CONFLICT
    message = "This API key was already revoked at {revoked_at} UTC."
