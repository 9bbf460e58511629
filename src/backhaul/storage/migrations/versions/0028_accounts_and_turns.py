"""Who asked for a webhook, which some dialects tell its receiver; and in which order what falls due takes its turn."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0028"
down_revision: str | None = "0027"


def upgrade() -> None:
    run_sql_beside(__file__)
