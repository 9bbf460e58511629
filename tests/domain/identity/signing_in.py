"""What the tests of sign-in and tokens share."""

import base64
import json
from typing import Any

PASSWORD = "correct horse battery"


def written_out(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a token's header and claims as anybody can read them."""
    header, claims, _ = (base64.urlsafe_b64decode(part + "==") for part in token.split("."))
    return json.loads(header), json.loads(claims)
