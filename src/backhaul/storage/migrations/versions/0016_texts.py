"""Messages by text beside those by mail."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0016"
down_revision: str | None = "0015"


def upgrade() -> None:
    run_sql_beside(__file__)
