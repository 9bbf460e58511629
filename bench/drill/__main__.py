"""`python -m bench.drill`: create transfers while everything is killed at random, then count what is left."""

import argparse
import asyncio
import contextlib
import logging
import random
import secrets
import shutil
import sys
import tempfile
import time
from pathlib import Path

import asyncpg
import msgspec
import structlog

from backhaul.domain.billing import queries as billing
from backhaul.domain.identity import (
    OPERATOR_ORG_ID,
    Plan,
    Role,
    add_member,
    create_api_key,
    create_organization,
    create_user,
    operator_actor,
    system_actor,
)
from backhaul.kernel.clock import SystemClock
from backhaul.main import Place, open_database, open_place
from backhaul.settings import Settings, load
from backhaul.storage.embedded import discard
from backhaul.storage.migrations.apply import migrate
from bench.drill import counting
from bench.drill.crew import Crew
from bench.drill.killing import keep_up, kill_at_random
from bench.drill.ordering import Orders, order_everything

KILL_SECONDS = 45.0  # never longer, so that a slow machine still gets its orders through
KILLED_AFTER_SECONDS = 8.0  # what follows from an order deserves some kills too
ORDER_SECONDS = 85.0  # until when everything must be acknowledged
SETTLE_SECONDS = 70.0
QUIET_SECONDS = 12.0  # no progress for so long: what is claimed by the dead is brought forward


class Options(msgspec.Struct, frozen=True):
    """One drill."""

    transfers: int
    seed: int
    pause_seconds: float
    keeps: bool


def main() -> int:
    """Run the drill; the exit code says whether everything held."""
    parser = argparse.ArgumentParser(prog="python -m bench.drill")
    parser.add_argument("--transfers", type=int, default=200)
    parser.add_argument(
        "--seed", type=int, default=None, help="chooses victims and pauses; default: at random"
    )
    parser.add_argument(
        "--pause", type=float, default=0.7, help="mean seconds between two orders of a client"
    )
    parser.add_argument(
        "--keep", action="store_true", help="leave the data directory and the logs for a look"
    )
    given = parser.parse_args()
    seed = secrets.randbelow(1_000_000) if given.seed is None else given.seed
    options = Options(given.transfers, seed, given.pause, given.keep)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    folder = Path(tempfile.mkdtemp(prefix="backhaul-drill-"))
    try:
        return _drill(options, folder)
    finally:
        if options.keeps:
            print(f"Kept in {folder}")
        else:
            discard(folder / "data")
            shutil.rmtree(folder, ignore_errors=True)


def _drill(options: Options, folder: Path) -> int:
    started = time.monotonic()
    settings = msgspec.structs.replace(load({}), data_dir=str(folder / "data"))
    print(
        f"Seed {options.seed}: {options.transfers} transfers while server, worker and PostgreSQL are killed."
    )
    with open_place(settings) as place:
        migrate(place.urls.owner)
        token = asyncio.run(_make_token(settings, place))
    # From here on PostgreSQL belongs to the server and the worker alone: they must bring it back.
    crew = Crew(folder / "data", folder)
    crew.start_all()
    try:
        orders = asyncio.run(_live_dangerously(crew, token, options))
        print(
            f"{time.monotonic() - started:5.0f} s  {len(orders.acknowledged)} acknowledged, {orders.repeats} requests "
            f"repeated, {orders.replays} answers replayed, {len(orders.unanswered)} without a key unanswered"
        )
        print(
            "         killed: " + ", ".join(f"{name} {count}×" for name, count in sorted(crew.kills.items()))
        )
        if crew.own_ends:
            print(f"         ended by themselves and started again: {', '.join(crew.own_ends)}")
        with open_place(settings) as place:
            waiting = asyncio.run(_settle(crew, place))
            print(
                f"{time.monotonic() - started:5.0f} s  settled"
                if waiting.is_over
                else f"left over: {waiting}"
            )
            stubborn = crew.stop_all()
            mail = [path.stem for path in (folder / "data" / "mail").glob("*.eml")]
            violations = asyncio.run(_count(settings, place, orders, mail))
    finally:
        crew.stop_all()
    violations += [f"{name} did not end within its time after SIGTERM" for name in stubborn]
    return _verdict(violations, seconds=time.monotonic() - started)


async def _live_dangerously(crew: Crew, token: str, options: Options) -> Orders:
    chance = random.Random(options.seed)
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(KILL_SECONDS, stop.set)
    killer = asyncio.create_task(kill_at_random(crew, random.Random(options.seed + 1), stop))
    keeper = asyncio.create_task(keep_up(crew))
    orders = await order_everything(
        base_url=f"http://127.0.0.1:{crew.port}",
        token=token,
        transfers=options.transfers,
        chance=chance,
        pause_seconds=options.pause_seconds,
        deadline=time.monotonic() + ORDER_SECONDS,
    )
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), KILLED_AFTER_SECONDS)
    stop.set()
    await killer
    keeper.cancel()
    return orders


async def _settle(crew: Crew, place: Place) -> counting.Waiting:
    """Wait until nothing is on its way any more."""
    keeper = asyncio.create_task(keep_up(crew))
    owner = await asyncpg.connect(place.urls.owner)
    try:
        deadline = time.monotonic() + SETTLE_SECONDS
        waiting, since = await counting.look(owner), time.monotonic()
        while not waiting.is_over and time.monotonic() < deadline:
            await asyncio.sleep(0.5)
            before, waiting = waiting, await counting.look(owner)
            if waiting != before:
                since = time.monotonic()
            elif time.monotonic() - since > QUIET_SECONDS:
                moved = await owner.execute(counting.BRING_FORWARD)
                print(f"         {moved.split()[-1]} parcels claimed by killed workers brought forward")
                since = time.monotonic()
        return waiting
    finally:
        keeper.cancel()
        await owner.close()


async def _count(settings: Settings, place: Place, orders: Orders, mail: list[str]) -> list[str]:
    owner = await asyncpg.connect(place.urls.owner)
    try:
        violations = await counting.find_violations(owner, orders, mail)
        there_is = await counting.count(owner)
    finally:
        await owner.close()
    db = await open_database(settings, place.urls)
    try:
        async with db.system() as reader:
            books = await billing.audit(reader)
    finally:
        await db.close()
    if not books.holds:
        violations.append(f"the ledger does not hold: {books}")
    print("         " + ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in there_is.items()))
    print(
        f"         ledger: {books.entries} entries add up to {books.sum_minor}, {books.disagreements} disagreements"
    )
    return violations


async def _make_token(settings: Settings, place: Place) -> str:
    db = await open_database(settings, place.urls)
    now = SystemClock().now()
    operator = system_actor(OPERATOR_ORG_ID)
    try:
        organization = await create_organization(
            db, actor=operator, name="Drill", plan=Plan.ENTERPRISE, now=now
        )
        user = await create_user(db, actor=operator, email="drill@example.com", name="Drill", now=now)
        actor = operator_actor(organization)
        await add_member(db, actor=actor, user_id=user.id, role=Role.OWNER, now=now)
        _, secret = await create_api_key(db, actor=actor, user_id=user.id, name="Drill", now=now)
    finally:
        await db.close()
    return secret


def _verdict(violations: list[str], *, seconds: float) -> int:
    if violations:
        print(f"FAIL after {seconds:.0f} s:")
        for violation in violations:
            print(f"  - {violation}")
        return 1
    print(
        f"PASS in {seconds:.0f} s: whatever was acknowledged is there, once, paid once, and the books hold."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
