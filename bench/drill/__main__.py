"""`python -m bench.drill`: order and reship while everything is killed at random, then count what is left."""

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
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import asyncpg
import msgspec
import structlog

from backhaul.domain.billing import queries as billing
from backhaul.main import Place, open_database, open_place
from backhaul.settings import Settings, load
from backhaul.storage.embedded import discard
from backhaul.storage.migrations.apply import migrate
from bench.drill import counting
from bench.drill.agreement import DISAGREEMENTS
from bench.drill.crew import Crew
from bench.drill.furnishing import Furnished, furnish
from bench.drill.killing import keep_up, kill_at_random
from bench.drill.ordering import Orders, order_everything
from bench.drill.reshipping import Reshipments, reship_everything, sign_in
from bench.drill.working import Work, close_the_counter, work_at_the_counter

KILL_SECONDS = 45.0  # never longer, so that a slow machine still gets its orders through
KILLED_AFTER_SECONDS = 8.0  # what follows from an order deserves some kills too
ORDER_SECONDS = 85.0  # until when everything must be acknowledged
SETTLE_SECONDS = 70.0
QUIET_SECONDS = 12.0  # no progress for so long: what is claimed by the dead is brought forward


class Options(msgspec.Struct, frozen=True):
    """One drill."""

    transfers: int
    returns: int
    seed: int
    pause_seconds: float
    keeps: bool


def main() -> int:
    """Run the drill; the exit code says whether everything held."""
    parser = argparse.ArgumentParser(prog="python -m bench.drill")
    parser.add_argument("--transfers", type=int, default=200)
    parser.add_argument("--returns", type=int, default=120, help="that several clients want sent on")
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
    options = Options(given.transfers, given.returns, seed, given.pause, given.keep)
    logging.getLogger("asyncpg").setLevel(
        logging.CRITICAL
    )  # it tells of every lost connection; that is the point here
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
        f"Seed {options.seed}: {options.transfers} transfers and the reshipments of {options.returns} returns while "
        "server, worker and PostgreSQL are killed."
    )
    with open_place(settings) as place:
        migrate(place.urls.owner)
        furnished = asyncio.run(furnish(settings, place, count=options.returns))
    # From here on PostgreSQL belongs to the server and the worker alone: they must bring it back.
    crew = Crew(folder / "data", folder)
    crew.start_all()
    try:
        lived = asyncio.run(_live_dangerously(crew, settings, place, furnished, options))
        orders = lived.orders
        print(
            f"{time.monotonic() - started:5.0f} s  {len(orders.acknowledged)} acknowledged, {orders.repeats} requests "
            f"repeated, {orders.replays} answers replayed, {len(orders.unanswered)} without a key unanswered"
        )
        _tell_of_reshipments(lived.reshipments)
        print(
            "         killed: " + ", ".join(f"{name} {count}×" for name, count in sorted(crew.kills.items()))
        )
        if crew.own_ends:
            print(f"         ended by themselves and started again: {', '.join(crew.own_ends)}")
        with open_place(settings) as place:
            waiting = asyncio.run(_settle(crew, place))
            org_id = furnished.actor.org_id
            asyncio.run(close_the_counter(settings, place, org_id=org_id, work=lived.work))
            waiting = asyncio.run(_settle(crew, place))
            print(
                f"{time.monotonic() - started:5.0f} s  settled"
                if waiting.is_over
                else f"left over: {waiting}"
            )
            stubborn = crew.stop_all()
            mail = [path.stem for path in (folder / "data" / "mail").glob("*.eml")]
            violations = asyncio.run(_count(settings, place, lived, mail))
    finally:
        crew.stop_all()
    violations += [f"{name} did not end within its time after SIGTERM" for name in stubborn]
    return _verdict(violations, seconds=time.monotonic() - started)


class Lived(msgspec.Struct, frozen=True):
    """What clients and the operator know when the killing is over."""

    orders: Orders
    reshipments: Reshipments
    work: Work


async def _live_dangerously(
    crew: Crew, settings: Settings, place: Place, furnished: Furnished, options: Options
) -> Lived:
    base_url = f"http://127.0.0.1:{crew.port}"
    tokens = await sign_in(base_url=base_url, furnished=furnished)
    chance = random.Random(options.seed)
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(KILL_SECONDS, stop.set)
    killer = asyncio.create_task(kill_at_random(crew, random.Random(options.seed + 1), stop))
    keeper = asyncio.create_task(keep_up(crew))
    enough = asyncio.Event()
    reshipping = asyncio.create_task(
        reship_everything(
            base_url=base_url,
            tokens=tokens,
            return_numbers=furnished.return_numbers,
            chance=random.Random(options.seed + 2),
            stop=enough,
        )
    )
    working = asyncio.create_task(
        work_at_the_counter(
            settings,
            place,
            org_id=furnished.actor.org_id,
            chance=random.Random(options.seed + 3),
            stop=enough,
        )
    )
    orders = await order_everything(
        base_url=base_url,
        token=furnished.token,
        transfers=options.transfers,
        chance=chance,
        pause_seconds=options.pause_seconds,
        deadline=time.monotonic() + ORDER_SECONDS,
    )
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), KILLED_AFTER_SECONDS)
    stop.set()
    await killer
    enough.set()
    lived = Lived(orders, await reshipping, await working)
    keeper.cancel()
    return lived


def _tell_of_reshipments(known: Reshipments) -> None:
    done = Counter(counting.DONE[verb] for _, verb in known.done)
    refused = ", ".join(f"{code} {times}×" for code, times in sorted(known.refusals.items()))
    print(
        f"         reshipments: {len(known.created)} acknowledged, {_listed(done)}; "
        f"refused {refused}; {known.lost} without an answer"
    )


def _listed(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{times} {what}" for what, times in sorted(counted.items()))


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


async def _count(settings: Settings, place: Place, lived: Lived, mail: list[str]) -> list[str]:
    owner = await asyncpg.connect(place.urls.owner)
    try:
        violations = await counting.find_violations(owner, lived.orders, lived.reshipments, mail)
        violations += lived.work.problems
        there_is = await counting.count(owner)
        ended = await counting.count_reshipments(owner)
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
    print(f"         reshipments ended: {_listed(ended)}")
    work = lived.work
    print(
        f"         at the counter: {_listed(work.done)}; {work.refused} refused, {work.lost} without an answer"
    )
    disagreements = [found for found in violations if found.partition(":")[0] in DISAGREEMENTS]
    print(
        f"         {len(DISAGREEMENTS)} questions about returns, reshipments, wallets and the ledger: "
        f"{len(disagreements)} disagreements"
    )
    print(
        f"         ledger: {books.entries} entries add up to {books.sum_minor}, {books.disagreements} disagreements"
    )
    return violations


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
