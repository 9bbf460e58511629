"""What a warehouse has to do next, across its customers; returns by warehouse, RMA and serial number."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0034"
down_revision: str | None = "0033"


def upgrade() -> None:
    run_sql_beside(__file__)
