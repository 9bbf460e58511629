from pathlib import Path

from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment
from pgqueuer.domain.settings import DBSettings

from backhaul.storage.migrations import apply

MIGRATION = Path(apply.HERE) / "versions" / "0002_jobs.sql"


def test_the_migration_holds_the_schema_of_the_pgqueuer_that_is_installed():
    """When this fails, PgQueuer was moved: a new migration brings its changes."""
    rendered = QueryBuilderEnvironment(
        DBSettings(db_schema="jobs", durability="balanced")
    ).build_install_query()
    assert rendered.strip() in MIGRATION.read_text()


async def test_the_queue_sends_no_notice_inside_a_transaction(db):
    async with db.system() as reader:
        triggers = await reader.fetch(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'jobs.pgqueuer'::regclass AND NOT tgisinternal"
        )
    assert [row["tgname"] for row in triggers] == ["drop_if_twin_waits"]
