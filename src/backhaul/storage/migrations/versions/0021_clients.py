"""OAuth clients, their tokens and signing keys."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0021"
down_revision: str | None = "0020"


def upgrade() -> None:
    run_sql_beside(__file__)
