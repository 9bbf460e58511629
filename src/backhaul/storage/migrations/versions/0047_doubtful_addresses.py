"""Which recoveries go to an address whose postal code is none of its country."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0047"
down_revision: str | None = "0044"


def upgrade() -> None:
    run_sql_beside(__file__)
