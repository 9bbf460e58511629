"""The list of cases: what it is searched by and cut down to."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0033"
down_revision: str | None = "0032"


def upgrade() -> None:
    run_sql_beside(__file__)
