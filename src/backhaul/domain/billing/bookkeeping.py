"""What each move of a charge books: pure, and always adding up to zero."""

from uuid import UUID

from backhaul.domain.billing.model import Account, Charge, Posting, PostingKind, Refund
from backhaul.kernel.ids import new_id

_A = Account


def opened(charge: Charge) -> Posting:
    """Book what the organization now owes. The posting bears the charge's own id: a reversal finds it."""
    return Posting(
        id=charge.id,
        key=f"charge_opened:{charge.id}",
        kind=PostingKind.CHARGE_OPENED,
        subject_kind="charge",
        subject_id=charge.id,
        reverses_id=None,
        currency=charge.currency,
        entries=_pair(_A.RECEIVABLE, _A.REVENUE, charge.amount_minor),
    )


def captured(charge: Charge) -> Posting:
    """Book that the gateway holds the money: it pays what is owed, or stands in the wallet."""
    if charge.is_top_up:
        return _of_charge(
            charge,
            PostingKind.WALLET_TOPPED_UP,
            _pair(_A.GATEWAY_CLEARING, _A.WALLET_AVAILABLE, charge.amount_minor),
        )
    return _of_charge(
        charge, PostingKind.CHARGE_CAPTURED, _pair(_A.GATEWAY_CLEARING, _A.RECEIVABLE, charge.amount_minor)
    )


def cancelled(charge: Charge) -> Posting:
    """Take the opening back: entries are never changed, only reversed."""
    first = opened(charge)
    reversed_entries = tuple((account, -amount) for account, amount in first.entries)
    return _of_charge(charge, PostingKind.CHARGE_CANCELLED, reversed_entries, reverses_id=first.id)


def refunded(charge: Charge, refund: Refund) -> Posting:
    """Book that the gateway gave money back."""
    return Posting(
        id=new_id(),
        key=f"refund_paid:{refund.id}",
        kind=PostingKind.REFUND_PAID,
        subject_kind="refund",
        subject_id=refund.id,
        reverses_id=None,
        currency=charge.currency,
        entries=_pair(_A.REFUNDS, _A.GATEWAY_CLEARING, refund.amount_minor),
    )


def _of_charge(
    charge: Charge,
    kind: PostingKind,
    entries: tuple[tuple[Account, int], ...],
    reverses_id: UUID | None = None,
) -> Posting:
    return Posting(
        id=new_id(),
        key=f"{kind.value}:{charge.id}",
        kind=kind,
        subject_kind="charge",
        subject_id=charge.id,
        reverses_id=reverses_id,
        currency=charge.currency,
        entries=entries,
    )


def _pair(debit: Account, credit: Account, amount_minor: int) -> tuple[tuple[Account, int], ...]:
    return (debit, amount_minor), (credit, -amount_minor)
