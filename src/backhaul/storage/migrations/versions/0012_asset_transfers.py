"""Which asset a transfer carries."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0012"
down_revision: str | None = "0011"


def upgrade() -> None:
    run_sql_beside(__file__)
