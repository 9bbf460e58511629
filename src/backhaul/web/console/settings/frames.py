"""Letters and mails as their readers see them: in a frame that may load nothing and run nothing."""

from litestar.response.base import ASGIResponse

from backhaul.web.console import answering
from backhaul.web.console.visiting import Visit

# Mail carries its style in attributes; nothing else of the console does, and nothing of it reaches beyond the frame.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


def framed(visit: Visit, document: str) -> ASGIResponse:
    """Return somebody's HTML for a sandboxed frame of our own pages."""
    headers = {"content-security-policy": POLICY, "x-frame-options": "SAMEORIGIN"}
    return answering.html(visit.request.scope, document, headers=headers)
