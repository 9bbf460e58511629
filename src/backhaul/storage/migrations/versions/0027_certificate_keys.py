"""Let the key of certificates be replaced, and check what former ones signed."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0027"
down_revision: str | None = "0026"


def upgrade() -> None:
    run_sql_beside(__file__)
