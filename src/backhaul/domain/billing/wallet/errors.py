"""What a wallet refuses."""

from backhaul.kernel.errors import DomainError, Kind


class InsufficientFunds(DomainError):
    """The wallet and its credit limit do not cover an amount."""

    code = "billing.insufficient_funds"
    kind = Kind.PAYMENT_REQUIRED
    message = "{needed} is needed and {spendable} can be spent. Top the wallet up."


class WalletHoldUnknown(DomainError):
    """No such hold in this organization."""

    code = "billing.hold_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no hold {hold_id} on the wallet."


class HoldMoveRefused(DomainError):
    """The hold's status does not allow this action."""

    code = "billing.hold_move_refused"
    kind = Kind.CONFLICT
    message = "The hold {hold_id} is {status}; it cannot {action} now."


class FeeUnknown(DomainError):
    """No such fee in this organization."""

    code = "billing.fee_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no fee {fee_id}."


class OnceKeyReused(DomainError):
    """The same key came for another amount: what was done once is not done again in another way."""

    code = "billing.once_key_reused"
    kind = Kind.CONFLICT
    message = "The key {once_key} was used for {booked}; use another for another amount."


class CreditLimitTooLow(DomainError):
    """The organization uses more credit than the new limit would allow."""

    code = "billing.credit_limit_too_low"
    kind = Kind.CONFLICT
    message = "{owed} of credit is in use; the limit cannot be less."


class BalanceUnreadable(DomainError):
    """The balance could not be read."""

    code = "billing.balance_unreadable"
    kind = Kind.UNAVAILABLE
    message = "The balance could not be read at the moment. Please try again."


class BalanceUnchargeable(DomainError):
    """The balance could not be charged: others kept the wallet locked for too long."""

    code = "billing.balance_unchargeable"
    kind = Kind.UNAVAILABLE
    message = "The wallet could not be charged at the moment. Nothing was changed; please try again."
