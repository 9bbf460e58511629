"""An account as this dialect shows it."""

from collections.abc import Sequence
from typing import Any

from backhaul.dialects.boxc.envelope import amount
from backhaul.domain.billing.wallet import Wallet
from backhaul.domain.identity import Organization
from backhaul.domain.identity.clients import ClientCaller
from backhaul.kernel.addresses import Address

DOLLARS = "USD"


def user(
    caller: ClientCaller, organization: Organization, wallets: Sequence[Wallet] | None
) -> dict[str, Any]:
    """Return the account that a token is for; what is owed is below zero. No wallets: it may not see money."""
    address = organization.default_address
    return {
        "id": caller.user_number,
        "email": caller.actor.user_email,
        "company_name": organization.name,
        "address": None if address is None else _address(address),
        "timezone": "UTC",
        "subscriptions": [],
        "balance": None if wallets is None else _in_dollars(wallets),
        "balances": None if wallets is None else {w.currency: amount(w.balance_minor) for w in wallets},
        "credit_limits": None
        if wallets is None
        else {w.currency: amount(w.credit_limit_minor) for w in wallets},
    }


def _in_dollars(wallets: Sequence[Wallet]) -> Any:
    return amount(sum(wallet.balance_minor for wallet in wallets if wallet.currency == DOLLARS))


def _address(address: Address) -> dict[str, Any]:
    return {
        "name": address.name,
        "street1": address.line_1,
        "street2": address.line_2,
        "city": address.city,
        "province": address.state_code,
        "postal_code": address.postal_code,
        "country": address.country_code,
    }
