"""What was posted: a small form, read within limits."""

from typing import Any
from urllib.parse import parse_qsl

from litestar import Request

from backhaul.kernel.errors import DomainError, Kind

MAX_BYTES = (
    16_384  # the longest form with every field full, four bytes a letter and three signs a byte, is below it
)
MAX_FIELDS = 40


class FormUnreadable(DomainError):
    """The form is too large, has too many fields or is none."""

    code = "http.form_unreadable"
    kind = Kind.TOO_LARGE
    message = "The form was not understood: {reason}. Go back and send it again from the page."


async def read_form(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Return the fields of a posted form, the last of each name; refuses what no page of ours sends."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            raise FormUnreadable(reason=f"it is larger than {MAX_BYTES} bytes")
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise FormUnreadable(reason=f"it has more than {MAX_FIELDS} fields") from None
    return dict(pairs)
