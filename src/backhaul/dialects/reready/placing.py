"""Place an order and answer; with an Idempotency-Key the first answer is given again."""

from collections.abc import Callable
from typing import Any

from backhaul.dialects.answering import Answer, answer_bytes, encoder
from backhaul.dialects.reready.calling import Call
from backhaul.domain.identity import Right
from backhaul.domain.transfers.model import Order, Transfer
from backhaul.domain.transfers.operations import Repeatable, place_transfer
from backhaul.storage import idempotency

CREATED = 201


async def place(
    call: Call, raw: bytes, *, to_order: Callable[[], Order], view: Callable[[Transfer], Any]
) -> Answer:
    """Place the order of a request body. Refused bodies leave no trace and use up no key."""
    scope = call.actor.scope(
        Right.TRANSFERS_WRITE
    )  # who may not write is not told what is wrong with the body
    if call.idempotency_key is None:
        placed = await place_transfer(call.db, actor=call.actor, order=to_order(), now=call.clock.now())
        return answer_bytes(encoder.encode(view(placed)), status=CREATED)
    key = idempotency.check_key(call.idempotency_key)
    mark = idempotency.fingerprint(call.method.encode(), call.path.encode(), raw)
    repeatable = Repeatable(
        key=key, mark=mark, answer=lambda placed: idempotency.Answer(CREATED, encoder.encode(view(placed)))
    )
    for _ in range(2):
        async with call.db.read(scope) as reader:
            given = await idempotency.find(reader, scope, key=key, mark=mark)
        if given is not None:
            return answer_bytes(given.body, status=given.status, headers={"idempotent-replayed": "true"})
        try:
            placed = await place_transfer(
                call.db, actor=call.actor, order=to_order(), now=call.clock.now(), repeatable=repeatable
            )
        except idempotency.RaceLost:
            continue
        return answer_bytes(repeatable.answer(placed).body, status=CREATED)
    raise AssertionError("an idempotency key was taken and yet not found")
