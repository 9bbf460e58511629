"""What each move of a charge books: pure, and always adding up to zero."""

from uuid import UUID

from backhaul.domain.billing.model import Account, Charge, Posting, PostingKind, Refund
from backhaul.kernel.ids import new_id

_A = Account


def opened(charge: Charge) -> Posting:
    """Book what the organization now owes."""
    entries = pair(_A.RECEIVABLE, _A.REVENUE, charge.amount_minor)
    return first(PostingKind.CHARGE_OPENED, "charge", charge.id, currency=charge.currency, entries=entries)


def captured(charge: Charge) -> Posting:
    """Book that the gateway holds the money: it pays what is owed, or stands in the wallet."""
    kind, credit = PostingKind.CHARGE_CAPTURED, _A.RECEIVABLE
    if charge.is_top_up:
        kind, credit = PostingKind.WALLET_TOPPED_UP, _A.WALLET_AVAILABLE
    return Posting(
        id=new_id(),
        key=f"{kind.value}:{charge.id}",
        kind=kind,
        subject_kind="charge",
        subject_id=charge.id,
        reverses_id=None,
        currency=charge.currency,
        entries=pair(_A.GATEWAY_CLEARING, credit, charge.amount_minor),
    )


def cancelled(charge: Charge) -> Posting:
    """Take the opening back."""
    return reversal(opened(charge), PostingKind.CHARGE_CANCELLED)


def refunded(charge: Charge, refund: Refund) -> Posting:
    """Book that the gateway gave money back."""
    return Posting(
        id=new_id(),
        key=f"{PostingKind.REFUND_PAID.value}:{refund.id}",
        kind=PostingKind.REFUND_PAID,
        subject_kind="refund",
        subject_id=refund.id,
        reverses_id=None,
        currency=charge.currency,
        entries=pair(_A.REFUNDS, _A.GATEWAY_CLEARING, refund.amount_minor),
    )


def first(
    kind: PostingKind,
    subject_kind: str,
    subject_id: UUID,
    *,
    currency: str,
    entries: tuple[tuple[Account, int], ...],
) -> Posting:
    """Return a subject's first posting. It bears the subject's own id: its reversal finds it."""
    return Posting(
        id=subject_id,
        key=f"{kind.value}:{subject_id}",
        kind=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        reverses_id=None,
        currency=currency,
        entries=entries,
    )


def reversal(of: Posting, kind: PostingKind) -> Posting:
    """Return the posting that takes another back: entries are never changed, only reversed."""
    return Posting(
        id=new_id(),
        key=f"{kind.value}:{of.subject_id}",
        kind=kind,
        subject_kind=of.subject_kind,
        subject_id=of.subject_id,
        reverses_id=of.id,
        currency=of.currency,
        entries=tuple((account, -amount) for account, amount in of.entries),
    )


def pair(debit: Account, credit: Account, amount_minor: int) -> tuple[tuple[Account, int], ...]:
    """Return the two entries that move an amount from one account to another."""
    return (debit, amount_minor), (credit, -amount_minor)
