"""The first page, the search over everything, and views that people save."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0035"
down_revision: str | None = "0034"


def upgrade() -> None:
    run_sql_beside(__file__)
