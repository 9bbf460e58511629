"""Lists and searches of people at a screen, places with a kind and an address, imports that a worker carries out."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0030"
down_revision: str | None = "0029"


def upgrade() -> None:
    run_sql_beside(__file__)
