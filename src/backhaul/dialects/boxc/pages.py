"""The page on which a member signs in and agrees; it works without scripts, and in no frame."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from backhaul.dialects.answering import Answer

COOKIE = "backhaul_authorize"
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_SAFE = {
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


def page(
    template: str, *, status: int, target: str = "", headers: dict[str, str] | None = None, **shown: Any
) -> Answer:
    """Return a page. Its form may lead here and, by redirect, to `target` alone: browsers check both."""
    policy = (
        "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
        f"form-action 'self' {target}".rstrip()
    )
    body = _TEMPLATES.get_template(template).render(**shown)
    return Answer(
        body=body.encode(),
        status_code=status,
        media_type="text/html",
        headers={**_SAFE, "content-security-policy": policy, **(headers or {})},
    )


def redirect(address: str, *, headers: dict[str, str] | None = None) -> Answer:
    """Return an answer that sends the browser on, always as a GET."""
    sent = {"location": address, "cache-control": "no-store", "referrer-policy": "no-referrer"}
    return Answer(body=b"", status_code=303, media_type="text/html", headers={**sent, **(headers or {})})
