"""Charges, refunds and the double-entry ledger."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    run_sql_beside(__file__)
