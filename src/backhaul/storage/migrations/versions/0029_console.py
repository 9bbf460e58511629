"""Sessions of browsers, second factors and preferences of accounts: what the console stands on."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0029"
down_revision: str | None = "0028"


def upgrade() -> None:
    run_sql_beside(__file__)
