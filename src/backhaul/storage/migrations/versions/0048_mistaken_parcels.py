"""Parcels that were received by mistake, and what an operator finds across customers."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0048"
down_revision: str | None = "0047"


def upgrade() -> None:
    run_sql_beside(__file__)
