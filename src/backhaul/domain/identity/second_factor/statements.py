"""The writes of signing in with a second factor: each a statement of its own, in a session without a tenant."""

TAKE_STEP = "SELECT take_second_factor_step(wanted_user_id => $1, step => $2)"
TAKE_CODE = "SELECT take_second_factor_code(wanted_user_id => $1, wanted_hash => $2, at => $3)"
