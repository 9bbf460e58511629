"""Members of an organization by address and by name, however many it has."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0042"
down_revision: str | None = "0041"


def upgrade() -> None:
    run_sql_beside(__file__)
