"""Received parcels sent on."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0024"
down_revision: str | None = "0023"


def upgrade() -> None:
    run_sql_beside(__file__)
