"""Devices and who holds them."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0010"
down_revision: str | None = "0009"


def upgrade() -> None:
    run_sql_beside(__file__)
