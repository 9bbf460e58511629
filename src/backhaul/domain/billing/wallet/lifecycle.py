"""How a hold moves, and what a wallet can bear."""

from datetime import datetime
from enum import StrEnum

import msgspec

from backhaul.domain.billing.wallet.errors import CreditLimitTooLow, HoldMoveRefused, InsufficientFunds
from backhaul.domain.billing.wallet.model import Hold, HoldStatus, Wallet


class Action(StrEnum):
    """What can be done with a hold."""

    CAPTURE = "be captured"
    RELEASE = "be released"
    EXPIRE = "expire"


MOVES: dict[tuple[HoldStatus, Action], HoldStatus] = {
    (HoldStatus.HELD, Action.CAPTURE): HoldStatus.CAPTURED,
    (HoldStatus.HELD, Action.RELEASE): HoldStatus.RELEASED,
    (HoldStatus.HELD, Action.EXPIRE): HoldStatus.EXPIRED,
}


def advance(hold: Hold, action: Action, *, at: datetime) -> Hold:
    """Return the hold as it stands after `action`."""
    after = MOVES.get((hold.status, action))
    if after is None:
        raise HoldMoveRefused(hold_id=hold.id, status=hold.status.value, action=action.value)
    return msgspec.structs.replace(hold, status=after, settled_at=at)


def spend(wallet: Wallet, amount_minor: int) -> Wallet:
    """Return the wallet with so much less to spend, or more if the amount is below zero."""
    if amount_minor > max(0, wallet.spendable_minor):
        raise InsufficientFunds(
            needed_minor=amount_minor, spendable_minor=wallet.spendable_minor, currency=wallet.currency
        )
    return msgspec.structs.replace(wallet, available_minor=wallet.available_minor - amount_minor)


def hold(wallet: Wallet, amount_minor: int) -> Wallet:
    """Return the wallet with so much set aside."""
    spent = spend(wallet, amount_minor)
    return msgspec.structs.replace(spent, held_minor=wallet.held_minor + amount_minor)


def give_back(wallet: Wallet, amount_minor: int) -> Wallet:
    """Return the wallet with so much no longer set aside."""
    return msgspec.structs.replace(
        wallet,
        available_minor=wallet.available_minor + amount_minor,
        held_minor=wallet.held_minor - amount_minor,
    )


def limit(wallet: Wallet, credit_limit_minor: int) -> Wallet:
    """Return the wallet with another credit limit."""
    if wallet.available_minor < -credit_limit_minor:
        raise CreditLimitTooLow(owed_minor=-wallet.available_minor, currency=wallet.currency)
    return msgspec.structs.replace(wallet, credit_limit_minor=credit_limit_minor)
