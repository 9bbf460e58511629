"""The demo's week at the warehouse: money is paid in, parcels come back, some are sent on, and an invoice is made."""

import functools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from backhaul.cli.demo_reshipments import DISPATCHED_BEFORE, TODAY, Sending, send_on
from backhaul.cli.demo_returns import PARCELS, Bench, Parcel, bring, open_warehouse
from backhaul.domain.billing.wallet import top_up
from backhaul.domain.returns import Grade, Status
from backhaul.kernel.money import Money

BEFORE = timedelta(days=9)  # of the real clock: always in a week that is over, so there is an invoice
WALLET_MINOR = 50_000  # 500 dollars

Settle = Callable[[datetime], Awaitable[None]]


async def live_through_week(bench: Bench, *, settle: Settle, now: datetime) -> dict[str, int]:
    """Fill the warehouse as of some days ago; return the number of each parcel by its tracking number.

    `settle` lets everything happen that is due at a moment. What was done before stays.
    """
    then = now - BEFORE
    await top_up(bench.db, actor=bench.owner, amount=Money(WALLET_MINOR), key="demo", now=then)
    await settle(then)
    await open_warehouse(bench, now=then)
    numbers = {parcel.tracking_number: await bring(bench, parcel, now=then) for parcel in PARCELS}
    await _send(bench, [DISPATCHED_BEFORE], numbers, settle=settle, now=then)
    return numbers


async def live_through_today(
    bench: Bench, numbers: Mapping[str, int], tracked: Mapping[str, str], *, settle: Settle, now: datetime
) -> None:
    """Have transfers' devices come in (`tracked`: serial number → tracking number), and send some of all that on."""
    for nth, (serial_number, tracking_number) in enumerate(sorted(tracked.items())):
        is_verified = nth == 0
        parcel = Parcel(
            tracking_number,
            Status.VERIFIED if is_verified else Status.PROCESSED,
            1980,
            serial_number,
            Grade.B,
            photos=1,
            is_wiped=is_verified,
        )
        await bring(bench, parcel, now=now)
    await _send(bench, TODAY, numbers, settle=settle, now=now)


async def _send(
    bench: Bench, sendings: Sequence[Sending], numbers: Mapping[str, int], *, settle: Settle, now: datetime
) -> None:
    for sending in sendings:
        which = [numbers[tracking_number] for tracking_number in sending.tracking_numbers]
        await send_on(bench, sending, which, settle=functools.partial(settle, now), now=now)
