"""What only this dialect refuses (contract §3.1–3.5)."""

from backhaul.kernel.errors import DomainError, Kind


class LanguageRefused(DomainError):
    """The caller accepts no language that answers are written in."""

    code = "input.language_refused"
    kind = Kind.MALFORMED
    message = "Answers are in English only. Send 'Accept-Language: en', or leave the header out."


class PageTokenInvalid(DomainError):
    """The page token was not made here for this list and this organization, or was altered."""

    code = "input.page_token_invalid"
    kind = Kind.MALFORMED
    message = (
        "The page token is not valid. Send `next_page` of an answer as it was, or begin at the first page."
    )


class QueryParameterInvalid(DomainError):
    """A query parameter has a value that it cannot have."""

    code = "input.query_parameter_invalid"
    kind = Kind.MALFORMED
    message = "The query parameter {name} is not valid: it {problem}."


class GrantTypeUnsupported(DomainError):
    """A token was asked for in a way that is not offered (RFC 6749 §5.2)."""

    code = "input.grant_type_unsupported"
    kind = Kind.MALFORMED
    message = "The grant type must be authorization_code or client_credentials."


class OauthRequestInvalid(DomainError):
    """A request for sign-in cannot be understood (RFC 6749 §5.2)."""

    code = "input.oauth_request_invalid"
    kind = Kind.MALFORMED
    message = "The request was not understood: {reason}."


class AuthorizationRefused(DomainError):
    """A request for a member's consent is refused, and the client is told so by a redirect (RFC 6749 §4.1.2.1)."""

    code = "input.authorization_refused"
    kind = Kind.MALFORMED
    message = "The request for consent was refused ({error}): {description}"
