"""Links of people without an account, and what they signed."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0018"
down_revision: str | None = "0017"


def upgrade() -> None:
    run_sql_beside(__file__)
