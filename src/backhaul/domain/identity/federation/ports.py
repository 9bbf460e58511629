"""The identity provider, as the domain sees it."""

from datetime import datetime
from typing import Protocol

from backhaul.domain.identity.federation.model import Attempt, Vouched


class IdentityProvider(Protocol):
    """Somebody who knows our people."""

    async def question(self, attempt: Attempt) -> str:
        """Return where the browser goes; refused with `Unavailable` when the provider does not answer.

        An attempt with `fresh_after` has the person sign in though the provider knows them (`max_age=0`).
        """

    async def vouched(self, attempt: Attempt, *, code: str, now: datetime) -> Vouched:
        """Return who came back.

        Refused with `ProviderRefused`, `EmailUnverified`, or, where they were to sign in anew, `SignInNotFresh`.
        """
