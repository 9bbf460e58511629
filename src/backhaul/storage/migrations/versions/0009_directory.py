"""People and places."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0009"
down_revision: str | None = "0008"


def upgrade() -> None:
    run_sql_beside(__file__)
