"""Device transfers."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    run_sql_beside(__file__)
