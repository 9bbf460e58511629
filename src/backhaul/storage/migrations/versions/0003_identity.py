"""Organizations, users, memberships and API keys."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    run_sql_beside(__file__)
