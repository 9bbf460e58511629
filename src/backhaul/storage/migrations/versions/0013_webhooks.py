"""Webhook endpoints, their secrets, and deliveries with every attempt."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0013"
down_revision: str | None = "0012"


def upgrade() -> None:
    run_sql_beside(__file__)
