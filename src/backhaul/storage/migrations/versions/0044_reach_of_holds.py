"""What a legal hold on a case or a person reaches is found by index, and what is held by them now is held itself."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0044"
down_revision: str | None = "0046"


def upgrade() -> None:
    run_sql_beside(__file__)
