"""Let go of what nobody needs to prove any more: accepted deliveries, expired tokens and codes of clients."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0026"
down_revision: str | None = "0025"


def upgrade() -> None:
    run_sql_beside(__file__)
