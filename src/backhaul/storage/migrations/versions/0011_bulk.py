"""Whole files in and out: imports by batch and chunk."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0011"
down_revision: str | None = "0010"


def upgrade() -> None:
    run_sql_beside(__file__)
