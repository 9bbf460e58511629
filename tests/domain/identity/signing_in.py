"""What the tests of sign-in and tokens share."""

import base64
import json
from typing import Any

import pytest

from backhaul.domain.identity.errors import SignInRefused

HERE = "203.0.113.7"
ELSEWHERE = "198.51.100.9"
PASSWORD = "correct horse battery"


def written_out(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a token's header and claims as anybody can read them."""
    header, claims, _ = (base64.urlsafe_b64decode(part + "==") for part in token.split("."))
    return json.loads(header), json.loads(claims)


async def sign_in(authenticator, email="ada@example.com", password=PASSWORD, address=HERE):
    return await authenticator.sign_in(email=email, password=password, remote_address=address)


async def refused(authenticator, *given):
    with pytest.raises(SignInRefused) as caught:
        await sign_in(authenticator, *given)
    assert caught.value.text == "Invalid email or password."
    assert caught.value.data == {}
