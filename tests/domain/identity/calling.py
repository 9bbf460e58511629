"""Calls with API keys, as tests make them."""

import asyncio
import time

import pytest

from backhaul.domain.identity.errors import CredentialsInvalid

HERE = "203.0.113.7"
ELSEWHERE = "198.51.100.9"


async def refused(authenticator, secret, remote_address=HERE):
    with pytest.raises(CredentialsInvalid):
        await authenticator.by_api_key(secret, remote_address)


async def until_refused(authenticator, secret, remote_address=ELSEWHERE):
    """Return the seconds it takes until the secret is refused."""
    began = time.monotonic()
    while time.monotonic() - began < 5:
        try:
            await authenticator.by_api_key(secret, remote_address)
        except CredentialsInvalid:
            return time.monotonic() - began
        await asyncio.sleep(0.005)
    raise AssertionError("still accepted")
