"""The console's routes filled with ids: which kind of thing a part of a path names."""

import re

from litestar.handlers import HTTPRouteHandler

from backhaul.web.console.routes import HANDLERS

PART = re.compile(r"\{(\w+)(?::\w+)?\}")
UNKNOWN = "019a0000-0000-7000-8000-000000000000"
# What `{number}` and the like stand for below a path; other parts are named as the ids of `Console.ids` are.
KINDS = {
    "/people": "person",
    "/people/departments": "department",
    "/assets": "asset",
    "/locations": "location",
    "/imports": "import",
    "/exceptions": "exception",
    "/transfers": "transfer",
    "/campaigns": "campaign",
    "/cases": "case",
    "/holds": "hold",
    "/returns": "return",
    "/reshipments": "reshipment",
    "/saved-views": "view",
    "/settings/keys": "key",
}


def routes(method: str) -> list[str]:
    """Return the console's own paths that answer a method, from its handlers."""

    def answers(handler: HTTPRouteHandler) -> bool:
        return method in {str(one) for one in handler.http_methods}

    return sorted({path for handler in HANDLERS if answers(handler) for path in handler.paths})


def filled(path: str, ids: dict[str, str]) -> str:
    """Return a path about something of an organization; a part that nothing was furnished for is an unknown id."""
    kind = next((KINDS[start] for start in sorted(KINDS, reverse=True) if path.startswith(f"{start}/")), "")

    def value(part: re.Match[str]) -> str:
        return ids.get(part[1]) or ids.get(kind) or UNKNOWN

    return PART.sub(value, path)


def nobody(path: str) -> str:
    """Return a path about nothing that is there."""
    return PART.sub(UNKNOWN, path)
