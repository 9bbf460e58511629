"""Numbers for webhook endpoints, which some dialects name them by."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0025"
down_revision: str | None = "0024"


def upgrade() -> None:
    run_sql_beside(__file__)
