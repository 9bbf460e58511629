"""Roles, tenant protection, history, outbox and the idempotency store."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0001"
down_revision: str | None = None


def upgrade() -> None:
    run_sql_beside(__file__)
