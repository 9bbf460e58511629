"""What each move of a wallet's money books: pure, and always adding up to zero."""

from backhaul.domain.billing.model import Account, Posting, PostingKind
from backhaul.domain.billing.wallet.model import Fee, Hold
from backhaul.kernel.ids import new_id

_A = Account


def placed(hold: Hold) -> Posting:
    """Book money as set aside. The posting bears the hold's own id: its reversal finds it."""
    return Posting(
        id=hold.id,
        key=f"hold_placed:{hold.id}",
        kind=PostingKind.HOLD_PLACED,
        subject_kind="hold",
        subject_id=hold.id,
        reverses_id=None,
        currency=hold.currency,
        entries=((_A.WALLET_AVAILABLE, hold.amount_minor), (_A.WALLET_HELD, -hold.amount_minor)),
    )


def settled(hold: Hold) -> Posting:
    """Take the setting aside back, whatever became of the hold; what it was captured for is booked as fees."""
    return _reversal(placed(hold), PostingKind.HOLD_SETTLED)


def charged(fee: Fee) -> Posting:
    """Book what was earned. The posting bears the fee's own id."""
    return Posting(
        id=fee.id,
        key=f"fee_charged:{fee.id}",
        kind=PostingKind.FEE_CHARGED,
        subject_kind="fee",
        subject_id=fee.id,
        reverses_id=None,
        currency=fee.currency,
        entries=((_A.WALLET_AVAILABLE, fee.amount_minor), (_A.REVENUE, -fee.amount_minor)),
    )


def refunded(fee: Fee) -> Posting:
    """Take a fee back: entries are never changed, only reversed."""
    return _reversal(charged(fee), PostingKind.FEE_REFUNDED)


def _reversal(first: Posting, kind: PostingKind) -> Posting:
    return Posting(
        id=new_id(),
        key=f"{kind.value}:{first.subject_id}",
        kind=kind,
        subject_kind=first.subject_kind,
        subject_id=first.subject_id,
        reverses_id=first.id,
        currency=first.currency,
        entries=tuple((account, -amount) for account, amount in first.entries),
    )
