"""Each question of the state machine and of the drill finds what it is asked for."""

import asyncpg
import pytest
from bench.drill.agreement import DISAGREEMENTS, find_disagreements

# What is done to the rows behind everybody's back → what it must be called, besides anything else.
DAMAGES = {
    "a return is in two live reshipments": """
        UPDATE reshipments SET return_numbers = (SELECT return_numbers FROM reshipments WHERE number = $2)
        WHERE number = $1""",
    "a return is not what its reshipment says": """
        UPDATE returns SET status = 'processed', reshipment_id = NULL, status_before_reshipping = NULL
        WHERE reshipment_id IN (SELECT id FROM reshipments WHERE number IN ($1, $2))""",
    "a return is kept by no live reshipment": """
        UPDATE reshipments SET status = 'deleted', ended_at = now(), hold_id = NULL, shipment_id = NULL,
            final_fee_minor = NULL WHERE number IN ($1, $2) AND dispatched_at IS NULL""",
    "a reshipment has not exactly the money set aside that was approved": """
        UPDATE wallet_holds SET status = 'held', captured_minor = NULL, settled_at = NULL
        WHERE subject_id IN (SELECT id FROM reshipments WHERE number IN ($1, $2))""",
    "a reshipment was not charged exactly what it cost": """
        UPDATE wallet_fees SET amount_minor = amount_minor + 1
        WHERE kind = 'reship' AND subject_id IN (SELECT id FROM reshipments WHERE number IN ($1, $2))""",
    "something was charged twice": """
        UPDATE wallet_fees SET kind = 'reship'
        WHERE kind = 'reship_difference' AND subject_id IN (SELECT id FROM reshipments WHERE number IN ($1, $2))""",
    "a wallet is below its limit": "UPDATE wallets SET credit_limit_minor = $1::bigint - $2::bigint",
    "a wallet holds something else than its holds": "UPDATE wallets SET held_minor = held_minor + $1 + $2",
    "a wallet has something else than was paid in and charged": """
        UPDATE wallets SET available_minor = available_minor + $1 + $2""",
    "a wallet and the ledger disagree": "UPDATE wallets SET available_minor = available_minor + $1 + $2",
    "the ledger does not add up to zero": "UPDATE ledger_entries SET amount_minor = amount_minor + $1 + $2",
    "a transaction of the ledger does not add up to zero": """
        UPDATE ledger_entries SET amount_minor = amount_minor + $1 + $2""",
    "a parcel that could still be sent belongs to no reshipment": """
        UPDATE reshipments SET shipment_id = NULL WHERE number IN ($1, $2)""",
    "a change of a reshipment is not in its history": """
        UPDATE reshipments SET version = version + 1 WHERE number IN ($1, $2)""",
}


@pytest.mark.parametrize("sentence", DISAGREEMENTS)
async def test_it_finds_what_it_is_asked_for(bench, sentence):
    labelled = await bench.reshipment("labelled")
    dispatched = await bench.reshipment("dispatched")
    owner = await asyncpg.connect(bench.world.url)
    changing = owner.transaction()
    await changing.start()
    try:
        assert await find_disagreements(owner) == []
        assert await find_disagreements(owner, org_id=labelled.org_id) == []
        await unguard(owner)
        await owner.execute(DAMAGES[sentence], labelled.number, dispatched.number)
        found = await find_disagreements(owner)
        assert sentence in sentences(found)
        assert sentences(await find_disagreements(owner, org_id=labelled.org_id)) == sentences(found)
        assert await find_disagreements(owner, org_id=bench.operator.org_id) == []
    finally:
        await changing.rollback()
        await owner.close()


def sentences(found):
    return [one.partition(": ")[0] for one in found]


async def unguard(owner):
    """Let the rows be wrong: no triggers, no foreign keys, and none of the checks."""
    await owner.execute("SET LOCAL session_replication_role = replica")
    for row in await owner.fetch("""
        SELECT conrelid::regclass AS "table", conname FROM pg_constraint WHERE contype = 'c'
            AND conrelid IN ('reshipments'::regclass, 'returns'::regclass, 'wallets'::regclass)"""):
        await owner.execute(f'ALTER TABLE {row["table"]} DROP CONSTRAINT "{row["conname"]}"')
