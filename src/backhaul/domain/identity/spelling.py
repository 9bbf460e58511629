"""How names, addresses and networks are written: cleaned here, or refused with a sentence."""

import ipaddress
import re
import unicodedata
from collections.abc import Iterable

from backhaul.kernel.errors import FieldProblem, InvalidInput

MAX_EMAIL_LENGTH = 254  # RFC 5321 §4.5.3.1.3, less the angle brackets
MAX_LOCAL_LENGTH = 64
MAX_NAME_LENGTH = 200
MAX_KEY_NAME_LENGTH = 100
MAX_SLUG_LENGTH = 63  # fits a DNS label
MAX_NETWORKS = 100

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")

# RFC 5322 §3.4.1 without quotes and comments, as RFC 6532 opens it to other scripts; a domain of two labels and more
# (RFC 1035 §2.3.1). Which characters beyond ASCII: see `is_email`.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff]+"
_ENDS = r"[A-Za-z0-9\u0080-\U0010ffff]"
_LABEL = rf"{_ENDS}(?:[A-Za-z0-9\-\u0080-\U0010ffff]{{0,61}}{_ENDS})?"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_LETTERS = "LMN"  # letters, the marks some scripts write them with, digits


def folded_email(email: str) -> str:
    """Return an address as accounts are found by it: trimmed and case-folded."""
    return email.strip().casefold()


def is_email(text: str) -> bool:
    """Tell whether a text is shaped like an e-mail address; of what lies beyond ASCII, letters and digits only."""
    local, _, domain = text.partition("@")
    if len(text) > MAX_EMAIL_LENGTH or len(local) > MAX_LOCAL_LENGTH or not _EMAIL.fullmatch(text):
        return False
    return text.isascii() or all(
        character.isascii() or unicodedata.category(character)[0] in _LETTERS for character in local + domain
    )


def clean_email(email: str) -> str:
    """Return the folded address, or refuse what cannot be one. Whether it exists only mail can tell."""
    folded = folded_email(email)
    if not is_email(folded):
        raise _refused("email", "identity.email_shape", "must be an e-mail address like ada@example.com")
    return folded


def possible_email(email: str) -> str | None:
    """Return the folded address; None for what no account can have."""
    folded = folded_email(email)
    return folded if is_email(folded) else None


def clean_name(name: str, *, longest: int = MAX_NAME_LENGTH) -> str:
    """Return a name without surrounding space, or refuse an empty, too long or unprintable one."""
    cleaned = name.strip()
    if not 1 <= len(cleaned) <= longest or not cleaned.isprintable():
        raise _refused("name", "identity.name_shape", f"must have 1 to {longest} printable characters")
    return cleaned


def slug_from(name: str) -> str:
    """Return a slug made of a name's letters and digits; may be empty."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NOT_SLUG.sub("-", plain)[:MAX_SLUG_LENGTH].strip("-")


def clean_slug(slug: str) -> str:
    """Return the slug, or refuse its shape."""
    if not _SLUG.fullmatch(slug) or len(slug) > MAX_SLUG_LENGTH:
        text = f"must be 1 to {MAX_SLUG_LENGTH} lower-case letters and digits, joined by single hyphens"
        raise _refused("slug", "identity.slug_shape", text)
    return slug


def clean_networks(networks: Iterable[str]) -> tuple[str, ...]:
    """Return networks in CIDR form, a bare address as a network of one; refuses all wrong ones at once."""
    cleaned: list[str] = []
    problems: list[FieldProblem] = []
    for position, network in enumerate(networks):
        try:
            cleaned.append(str(ipaddress.ip_network(network.strip())))
        except ValueError as error:
            path = f"allowed_networks[{position}]"
            problems.append(FieldProblem(path, "identity.network_shape", f"must be an IP network: {error}"))
    if len(cleaned) > MAX_NETWORKS:
        text = f"may list at most {MAX_NETWORKS} networks"
        problems.append(FieldProblem("allowed_networks", "identity.too_many_networks", text))
    if problems:
        raise InvalidInput(problems)
    return tuple(dict.fromkeys(cleaned))


def _refused(path: str, code: str, text: str) -> InvalidInput:
    return InvalidInput([FieldProblem(path, code, text)])
