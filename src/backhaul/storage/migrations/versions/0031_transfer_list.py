"""The list of transfers: what it is searched by and cut down to; and parcels that are sent somewhere else in time."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0031"
down_revision: str | None = "0030"


def upgrade() -> None:
    run_sql_beside(__file__)
