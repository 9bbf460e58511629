"""Recovery campaigns: whose devices must come back, in which parcels, and what became of each."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0015"
down_revision: str | None = "0014"


def upgrade() -> None:
    run_sql_beside(__file__)
