"""A return as this dialect shows it (contract §3.6)."""

from collections.abc import Sequence
from typing import Any

from backhaul.dialects.boxc.envelope import amount, kilograms, moment
from backhaul.domain.returns import ListedReturn, Return, ReturnDetail, ReturnMessage, Status

WORDS = {
    Status.PROCESSED: "Processed",
    Status.VERIFYING: "Verifying",
    Status.VERIFIED: "Verified",
    Status.RESHIPPING: "Reshipping",
    Status.RESHIPPED: "Reshipped",
}
STATUSES = {word: status for status, word in WORDS.items()}


def listed(one: ListedReturn) -> dict[str, Any]:
    """Return a return as lists show it: messages are counted, images left out."""
    return _return(one, one.reshipment_number, messages=one.message_count, images={})


def detailed(detail: ReturnDetail, images: Sequence[str]) -> dict[str, Any]:
    """Return a return with its messages, newest first, and links to its images."""
    messages = [message(written) for written in detail.messages]
    return _return(detail.one, detail.reshipment_number, messages=messages, images={"images": list(images)})


def message(written: ReturnMessage) -> dict[str, Any]:
    """Return a message; its author is `user` or `operator`."""
    return {
        "id": written.number,
        "author": written.author.value,
        "body": written.body,
        "created": moment(written.created_at),
    }


def _return(
    one: Return | ListedReturn, reshipment_number: int | None, *, messages: Any, images: dict[str, Any]
) -> dict[str, Any]:
    # `created` is when it was processed (contract §3.6); what is not processed yet is not shown.
    return {
        "created": moment(one.processed_at or one.received_at),
        "id": one.number,
        **images,
        "messages": messages,
        "process_fee": amount(one.process_fee_minor),
        "reshipment_id": reshipment_number,
        "rma_number": one.rma_number,
        "status": WORDS[one.status],
        "tracking_number": one.tracking_number,
        "verify_fee": amount(one.verify_fee_minor),
        "warehouse": {"id": one.warehouse_code},
        "weight": kilograms(one.weight_grams),
    }
