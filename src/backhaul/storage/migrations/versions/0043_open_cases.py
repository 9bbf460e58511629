"""A second box that nobody needs is an exception; how far each open case is stands beside it."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0043"
down_revision: str | None = "0042"


def upgrade() -> None:
    run_sql_beside(__file__)
