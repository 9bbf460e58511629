"""Messages to people, each decided once."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    run_sql_beside(__file__)
