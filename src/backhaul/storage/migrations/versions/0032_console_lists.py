"""What the pages about money, webhooks and the audit log page through, and invitations to an organization."""

from backhaul.storage.migrations.apply import run_sql_beside

revision = "0032"
down_revision: str | None = "0031"


def upgrade() -> None:
    run_sql_beside(__file__)
