"""Wallets, holds and invoices."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0023"
down_revision: str | None = "0022"


def upgrade() -> None:
    run_sql_beside(__file__)
