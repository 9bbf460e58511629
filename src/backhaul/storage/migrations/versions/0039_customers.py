"""The installation's customers and their money, for its operator."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0039"
down_revision: str | None = "0038"


def upgrade() -> None:
    run_sql_beside(__file__)
