"""What each move of a wallet's money books: pure, and always adding up to zero."""

from backhaul.domain.billing.bookkeeping import first, pair, reversal
from backhaul.domain.billing.model import Account, Posting, PostingKind
from backhaul.domain.billing.wallet.model import Fee, Hold

_A = Account


def placed(hold: Hold) -> Posting:
    """Book money as set aside."""
    entries = pair(_A.WALLET_AVAILABLE, _A.WALLET_HELD, hold.amount_minor)
    return first(PostingKind.HOLD_PLACED, "hold", hold.id, currency=hold.currency, entries=entries)


def settled(hold: Hold) -> Posting:
    """Take the setting aside back, whatever became of the hold; what it was captured for is booked as fees."""
    return reversal(placed(hold), PostingKind.HOLD_SETTLED)


def charged(fee: Fee) -> Posting:
    """Book what was earned."""
    entries = pair(_A.WALLET_AVAILABLE, _A.REVENUE, fee.amount_minor)
    return first(PostingKind.FEE_CHARGED, "fee", fee.id, currency=fee.currency, entries=entries)


def refunded(fee: Fee) -> Posting:
    """Take a fee back."""
    return reversal(charged(fee), PostingKind.FEE_REFUNDED)
