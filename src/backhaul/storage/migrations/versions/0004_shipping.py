"""Shipments, label documents, tracking events, pickups."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    run_sql_beside(__file__)
