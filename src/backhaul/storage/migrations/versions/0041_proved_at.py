"""When an identity provider last had the person sign in anew, for each session of a browser."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0041"
down_revision: str | None = "0039"


def upgrade() -> None:
    run_sql_beside(__file__)
