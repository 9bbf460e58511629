"""What recoveries and holds learnt later."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0020"
down_revision: str | None = "0019"


def upgrade() -> None:
    run_sql_beside(__file__)
