"""What the simulated payment gateway remembers."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0008"
down_revision: str | None = "0007"


def upgrade() -> None:
    run_sql_beside(__file__)
