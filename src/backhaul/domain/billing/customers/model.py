"""A customer of the installation: what they can spend, what they were charged, and what was given back."""

import msgspec

from backhaul.domain.billing.model import Charge
from backhaul.domain.billing.queries import ChargeDetail, ListedRefund
from backhaul.domain.billing.wallet.model import Fee, Wallet
from backhaul.domain.identity.audit.model import Change
from backhaul.domain.identity.model import Plan
from backhaul.kernel.ids import OrgId


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """Which organization a number means."""

    id: OrgId
    name: str


class ListedCustomer(msgspec.Struct, frozen=True, kw_only=True):
    """A customer as a list of customers shows them."""

    number: int
    name: str
    slug: str
    plan: Plan
    wallets: tuple[Wallet, ...]  # none where there never was any money
    declined: int  # charges; counted up to `queries.MOST_DECLINED`


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's money. Charges and fees are a page each, refunds the latest; all of them newest first."""

    number: int
    name: str
    slug: str
    plan: Plan
    wallets: tuple[Wallet, ...]
    holds: int  # placed and not settled; counted up to `queries.MOST_HOLDS`
    charges: tuple[Charge, ...]
    fees: tuple[Fee, ...]
    refunds: tuple[ListedRefund, ...]


class ChargeOf(msgspec.Struct, frozen=True, kw_only=True):
    """A charge, and whose it is."""

    customer: Customer
    detail: ChargeDetail


class FeeOf(msgspec.Struct, frozen=True, kw_only=True):
    """A fee, whose it is, and what was done to it, newest first."""

    customer: Customer
    fee: Fee
    changes: tuple[Change, ...]
