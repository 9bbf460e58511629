"""Parcels that are sent again, exceptions that are put off, and refunds that are asked for once."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0037"
down_revision: str | None = "0036"


def upgrade() -> None:
    run_sql_beside(__file__)
