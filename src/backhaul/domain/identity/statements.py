"""The writes of signing in: each a transaction of its own, in a session without a tenant."""

REGISTER_TOKEN = """
SELECT register_token(
    wanted_user_number => $1, wanted_org_number => $2, seen_valid_from => $3, issued_at => $4
)
"""  # noqa: S105 -- SQL

REPLACE_PASSWORD_HASH = (
    "SELECT replace_password_hash(wanted_user_number => $1, former_hash => $2, new_hash => $3)"  # noqa: S105 -- SQL
)
