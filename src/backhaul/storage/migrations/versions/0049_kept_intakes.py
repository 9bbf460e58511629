"""No return is opened while its parcel is being dropped, and no parcel is dropped whose return is there."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0049"
down_revision: str | None = "0048"


def upgrade() -> None:
    run_sql_beside(__file__)
