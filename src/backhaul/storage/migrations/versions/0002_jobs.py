"""PgQueuer's tables in schema jobs, pinned to its release 1.6.0, and our crash counter."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    run_sql_beside(__file__)
