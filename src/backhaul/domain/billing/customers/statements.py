"""The SQL of customers. Who they are is answered to the operator organization alone; the rest in one's own scope."""

from backhaul.domain.billing.tables import COLUMNS
from backhaul.domain.billing.wallet.tables import COLUMNS as WALLET_COLUMNS
from backhaul.domain.billing.wallet.tables import FEE_COLUMNS

LIST_CUSTOMERS = """
SELECT number, name, slug, plan, wallets, declined
FROM installation_customers(org_id => $1, wanted => $2, only_empty => $3, behind => $4, most => $5)
"""
FIND_CUSTOMER = "SELECT id, name FROM installation_customer(org_id => $1, wanted => $2)"

_ROWS = "(SELECT coalesce(jsonb_agg(to_jsonb(o)), '[]') FROM (SELECT {rows}) AS o) AS {name}"


def _rows(rows: str, name: str) -> str:
    return _ROWS.format(rows=rows, name=name)


_WALLETS = f"{WALLET_COLUMNS} FROM wallets WHERE org_id = $1 ORDER BY currency"
# $2 and $3 are the last charge and the last fee seen.
_CHARGES = f"""
{COLUMNS} FROM charges WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $4
"""
_FEES = f"""
{FEE_COLUMNS} FROM wallet_fees
WHERE org_id = $1 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4
"""
_REFUNDS = """
r.id, r.charge_id, r.amount_minor, r.status, r.reason, r.refusal, r.created_at, r.updated_at, c.currency,
    c.reference, c.subject_kind, c.subject_id
FROM (SELECT * FROM refunds WHERE org_id = $1 ORDER BY id DESC LIMIT $4) AS r
JOIN charges AS c ON c.org_id = $1 AND c.id = r.charge_id ORDER BY r.id DESC
"""
# $4 rows of each, and holds are counted up to $5.
GET_ACCOUNT = f"""
SELECT n.number, n.name, n.slug, n.plan, {_rows(_WALLETS, "wallets")}, {_rows(_CHARGES, "charges")},
    {_rows(_FEES, "fees")}, {_rows(_REFUNDS, "refunds")},
    (SELECT count(*) FROM (SELECT FROM wallet_holds
        WHERE org_id = $1 AND status = 'held' LIMIT $5) AS o) AS holds
FROM organizations AS n WHERE n.org_id = $1
"""
GET_FEE = f"SELECT {FEE_COLUMNS} FROM wallet_fees WHERE org_id = $1 AND id = $2"
