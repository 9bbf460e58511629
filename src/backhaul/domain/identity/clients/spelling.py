"""How redirect URIs and scopes are written: cleaned here, or refused with a sentence."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from backhaul.domain.identity.clients.model import SCOPES
from backhaul.kernel.errors import FieldProblem, InvalidInput

MAX_REDIRECTS = 10
MAX_LENGTH = 2048
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def clean_redirects(uris: Iterable[str]) -> tuple[str, ...]:
    """Return redirect URIs as given, or refuse all wrong ones at once (RFC 6749 §3.1.2, RFC 9700 §2.6)."""
    kept = tuple(dict.fromkeys(uris))
    problems = [
        FieldProblem(f"redirect_uris[{position}]", "identity.redirect_shape", text)
        for position, uri in enumerate(kept)
        if (text := _problem_of(uri)) is not None
    ]
    if len(kept) > MAX_REDIRECTS:
        text = f"may list at most {MAX_REDIRECTS} addresses"
        problems.append(FieldProblem("redirect_uris", "identity.too_many_redirects", text))
    if problems:
        raise InvalidInput(problems)
    return kept


def clean_scopes(scopes: Iterable[str]) -> tuple[str, ...]:
    """Return the scopes, or refuse unknown ones, all at once."""
    kept = tuple(dict.fromkeys(scopes))
    problems = [
        FieldProblem(
            f"scopes[{position}]", "identity.scope_unknown", f"must be one of {', '.join(sorted(SCOPES))}"
        )
        for position, scope in enumerate(kept)
        if scope not in SCOPES
    ]
    if not kept:
        problems.append(FieldProblem("scopes", "missing", "must name at least one scope"))
    if problems:
        raise InvalidInput(problems)
    return kept


def _problem_of(uri: str) -> str | None:
    if len(uri) > MAX_LENGTH or not uri.isascii() or not uri.isprintable() or " " in uri:
        return f"must be at most {MAX_LENGTH} printable ASCII characters without blanks"
    try:
        parts = urlsplit(uri)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return "must be an absolute https address"
    if not host or parts.username is not None or "\\" in uri:
        return "must be an absolute https address without a user name"
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        return "must begin with https://, or with http:// on this machine alone"
    if "#" in uri:
        return "must not have a fragment"
    return None
