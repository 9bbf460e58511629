"""Exceptions: parcels that need somebody."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0019"
down_revision: str | None = "0018"


def upgrade() -> None:
    run_sql_beside(__file__)
