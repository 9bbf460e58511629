"""The identity provider, as the domain sees it."""

from datetime import datetime
from typing import Protocol

from backhaul.domain.identity.federation.model import Attempt


class IdentityProvider(Protocol):
    """Somebody who knows our people."""

    async def question(self, attempt: Attempt) -> str:
        """Return where the browser goes; refused with `Unavailable` when the provider does not answer."""

    async def verified_email(self, attempt: Attempt, *, code: str, now: datetime) -> str:
        """Return the verified address of who came back; refused with `ProviderRefused` or `EmailUnverified`."""
