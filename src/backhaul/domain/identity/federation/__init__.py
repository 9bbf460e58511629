"""Signing in by the word of an identity provider (OpenID Connect): what is asked of one and what it may answer.

Not here: HTTP to the provider (`adapters/outgoing`), and the session that follows (`browsing`). Start with `ports`;
`freshness` decides whether somebody signed in anew.
"""

from backhaul.domain.identity.federation.model import Attempt, ProviderSettings, Vouched, make_attempt
from backhaul.domain.identity.federation.ports import IdentityProvider

__all__ = ["Attempt", "IdentityProvider", "ProviderSettings", "Vouched", "make_attempt"]
