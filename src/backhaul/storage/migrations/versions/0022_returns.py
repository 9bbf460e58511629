"""Warehouses, and the parcels they receive."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0022"
down_revision: str | None = "0021"


def upgrade() -> None:
    run_sql_beside(__file__)
