"""What the database itself refuses, whoever asks."""

import asyncpg
import msgspec
import pytest

from backhaul.domain.billing import bookkeeping, queries
from backhaul.domain.billing.model import Account
from backhaul.kernel.ids import new_id
from backhaul.storage.database import Scope

LEDGER = ["ledger_accounts", "ledger_transactions", "ledger_entries"]
CHANGES = ["UPDATE {} SET org_id = org_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]


@pytest.mark.parametrize("table", LEDGER)
@pytest.mark.parametrize("change", CHANGES)
async def test_the_ledger_cannot_be_changed_even_by_the_owner_of_its_tables(bench, table, change):
    await bench.open()
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="append-only"):
        await bench.execute_as_owner(change.format(table))


@pytest.mark.parametrize("table", LEDGER)
@pytest.mark.parametrize("change", CHANGES)
async def test_neither_role_has_the_right_to_change_the_ledger(bench, table, change):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await bench.execute(change.format(table))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with bench.db.system() as worker:
            await worker.execute(change.format(table))


async def test_a_transaction_that_does_not_add_up_is_refused_at_commit(bench):
    charge = await bench.open()
    crooked = msgspec.structs.replace(
        bookkeeping.captured(charge), entries=((Account.GATEWAY_CLEARING, 8500), (Account.RECEIVABLE, -8499))
    )
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="does not add up to zero"):
        await bench.post(crooked)
    assert (await bench.balances())[Account.RECEIVABLE] == 8500


async def test_an_entry_cannot_be_slipped_into_an_old_transaction(bench):
    charge = await bench.open()
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="does not add up to zero"):
        await bench.execute(
            "INSERT INTO ledger_entries VALUES ($1, $2, 9, 'revenue', 'USD', 1)",
            bench.scope.org_id,
            charge.id,
        )


async def test_the_same_thing_is_never_booked_twice(bench):
    charge = await bench.open()
    again = msgspec.structs.replace(bookkeeping.opened(charge), id=new_id())
    with pytest.raises(asyncpg.UniqueViolationError, match="ledger_transactions_once"):
        await bench.post(again)


async def test_a_transaction_is_reversed_once(bench):
    charge = await bench.open()
    await bench.refund(charge)
    again = msgspec.structs.replace(bookkeeping.cancelled(charge), key="another")
    with pytest.raises(asyncpg.UniqueViolationError, match="reversed_once"):
        await bench.post(again)


async def test_an_organization_sees_and_books_nothing_of_another(bench, make):
    charge = await bench.open()
    stranger = Scope((await make.organization()).org_id)
    async with bench.db.read(stranger) as reader:
        assert await queries.ledger_balance(reader, stranger) == []
        for table in [*LEDGER, "charges", "refunds"]:
            assert await reader.fetchval(f"SELECT count(*) FROM {table}") == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        async with bench.db.transaction(stranger) as tx:
            await tx.execute(
                "INSERT INTO ledger_entries VALUES ($1, $2, 9, 'revenue', 'USD', 1)",
                bench.scope.org_id,
                charge.id,
            )


async def test_the_audit_notices_a_charge_that_was_changed_behind_the_ledgers_back(bench):
    charge = await bench.open()
    before = await bench.audit()
    await bench.execute_as_owner("UPDATE charges SET amount_minor = 9000 WHERE id = $1", charge.id)
    after = await bench.audit()
    assert before.holds
    assert not after.holds
    assert after.disagreements == before.disagreements + 2  # receivable and revenue


@pytest.mark.parametrize(
    "change",
    [
        "status = 'captured'",
        "status = 'refunded'",
        "status = 'declined'",
        "status = 'collecting'",
        "status = 'lost'",
        "refund_requested_minor = 8501",
        "refunded_minor = 1",
        "gateway_reference = 'x'",
        "next_attempt_at = NULL",
    ],
)
async def test_the_database_repeats_the_lifecycle(bench, change):
    charge = await bench.open()
    with pytest.raises(asyncpg.CheckViolationError):
        await bench.execute(
            f"UPDATE charges SET {change} WHERE org_id = $1 AND id = $2", bench.scope.org_id, charge.id
        )
