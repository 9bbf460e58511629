"""Signing in by the word of an identity provider (OpenID Connect): what is asked of one and what it may answer.

Not here: HTTP to the provider (`adapters/outgoing`), and the session that follows (`browsing`). Start with `ports`.
"""

from backhaul.domain.identity.federation.model import Attempt, ProviderSettings, make_attempt
from backhaul.domain.identity.federation.ports import IdentityProvider

__all__ = ["Attempt", "IdentityProvider", "ProviderSettings", "make_attempt"]
