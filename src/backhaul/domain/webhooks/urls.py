"""Which URLs are taken as a place to send to. Pure: names are not looked up, that happens at every delivery."""

import re
from urllib.parse import urlsplit

from backhaul.domain.webhooks.model import MAX_URL_LENGTH
from backhaul.kernel.errors import FieldProblem
from backhaul.kernel.internet import Networks, NotAHost, may_be_called, read_host

# Scheme, host in letters or brackets, port, and the rest: stricter than parsers, which disagree about everything else.
_URL = re.compile(r"(https?)://(\[[^\[\]/?#@]*\]|[^\[\]/?#@:]*)(?::([0-9]*))?(?:[/?].*)?", re.IGNORECASE)
_LARGEST_PORT = 65_535


def check_url(url: str, *, path: str = "url", allowed: Networks = ()) -> list[FieldProblem]:
    """Return what is wrong with a URL as a place to send to; nothing when it is fine.

    It must be http or https, without a name or password in it, to a host that is not this machine's or a private
    network's by its spelling. `path` names the field; `allowed` are private networks that may be called.
    """
    problem = _problem(url, allowed)
    return [] if problem is None else [FieldProblem(path, *problem)]


def host_of(url: str) -> str:
    """Return host and port of a checked URL, in lower case; the host is how many requests go there at once."""
    parts = urlsplit(url.lower())
    return parts.netloc.rpartition("@")[2]


def _problem(url: str, allowed: Networks) -> tuple[str, str] | None:  # noqa: PLR0911 -- one line a rule
    if len(url) > MAX_URL_LENGTH:
        return "webhook.url_too_long", f"must have at most {MAX_URL_LENGTH} characters"
    # urlsplit drops line ends and tabs, and clients take a backslash for a slash.
    if not url.isprintable() or set(url) & set(" \\"):
        return "webhook.url_characters", "must not hold blanks, line ends, control characters or backslashes"
    if not url.lower().startswith(("http://", "https://")):
        return "webhook.url_scheme", "must begin with https:// or http://"
    if "@" in re.split(r"[/?#]", url.partition("://")[2], maxsplit=1)[0]:
        return "webhook.url_userinfo", "must not hold a user name or password"
    if "#" in url:
        return "webhook.url_fragment", "must not hold a fragment (#…): it would not be sent"
    match = _URL.fullmatch(url)
    if match is None or not match[2]:
        return "webhook.url_host", "must name a host"
    if match[3] is not None and not 0 < int(match[3] or 0) <= _LARGEST_PORT:
        return "webhook.url_port", "must have a port from 1 to 65535, or none"
    try:
        host = read_host(match[2])
    except NotAHost:
        return "webhook.url_host", "must name a host that exists"
    if not may_be_called(host, allowed):
        return (
            "webhook.url_not_global",
            "must lead to the public internet, not to this machine or a private network",
        )
    return None
