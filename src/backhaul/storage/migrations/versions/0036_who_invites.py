"""Who invited somebody, and as what they work there now; accounts that have a password."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0036"
down_revision: str | None = "0035"


def upgrade() -> None:
    run_sql_beside(__file__)
