"""Legal holds: what they cover, who asked for their release, and what they stop on assets and people."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0014"
down_revision: str | None = "0013"


def upgrade() -> None:
    run_sql_beside(__file__)
