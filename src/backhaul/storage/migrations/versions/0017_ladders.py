"""Reminder ladders as data, and every contact they led to."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0017"
down_revision: str | None = "0016"


def upgrade() -> None:
    run_sql_beside(__file__)
