"""Indexes for what lists are cut down to at size; parcels by their number in any spelling."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0038"
down_revision: str | None = "0037"


def upgrade() -> None:
    run_sql_beside(__file__)
