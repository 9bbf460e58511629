"""People of a campaign that has not started wait for its day."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0046"
down_revision: str | None = "0043"


def upgrade() -> None:
    run_sql_beside(__file__)
