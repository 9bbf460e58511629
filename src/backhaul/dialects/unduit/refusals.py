"""What only this dialect refuses, each with the sentence its documentation has for it (contract §2.1, §2.4)."""

from backhaul.kernel.errors import DomainError, InvalidInput, Kind


class PageNumberInvalid(InvalidInput):
    """The page is no whole number from 1, or beyond any list."""

    code = "input.page_number_invalid"
    kind = Kind.MALFORMED
    message = "Invalid page number."


class AssignmentMalformed(InvalidInput):
    """An asset number or an address is absent, or cannot be one."""

    code = "input.assignment_malformed"
    kind = Kind.MALFORMED
    message = "Invalid asset number or user email."


class CredentialsDisagree(DomainError):
    """A sign-in carries two different addresses or two different passwords (contract C1)."""

    code = "input.credentials_disagree"
    kind = Kind.MALFORMED
    message = "{names} disagree. Send one of them."
