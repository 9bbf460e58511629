"""The SQL of the audit log: pages of it, and what the page of each line's record is called by.

A page begins at $2 and ends before the place ($3, $4); $5 is its length, $6 whether the keys of records are asked for.
"""


def _own(table: str, key: str = "o.number::text", when: str = "") -> str:
    return f"(SELECT {key} FROM {table} AS o WHERE o.org_id = $1 AND o.id = h.subject_id {when})"


_ID = "o.id::text"
# What others call a recovery (contract Unduit §2.5): the creation's unix seconds and the number.
_RECOVERY = "extract(epoch FROM date_trunc('second', o.created_at))::bigint::text || o.number"
_MEMBER = """(SELECT u.email FROM memberships AS o JOIN users AS u ON u.id = o.user_id
    WHERE o.org_id = $1 AND o.user_id = h.subject_id)"""
_SELF = "(SELECT o.number::text FROM organizations AS o WHERE o.org_id = $1 AND o.org_id = h.subject_id)"
# Both are shown on the page of the transfer they belong to.
_SHIPMENT = _own("shipments", "o.subject_id::text", "AND o.subject_kind = 'transfer'")
_PICKUP = """(SELECT s.subject_id::text FROM pickups AS o
    JOIN shipments AS s ON s.org_id = $1 AND s.id = o.shipment_id AND s.subject_kind = 'transfer'
    WHERE o.org_id = $1 AND o.id = h.subject_id)"""
# By kind of record: looked up one by one, by primary keys alone. A record that is gone has none; nor has one whose page
# is not there yet or any more, or a hold of the wallet, whose kind is that of legal holds.
_KEYS = {
    "api_key": _own("api_keys", _ID),
    "asset": _own("assets"),
    "charge": _own("charges", _ID),
    "client": _own("oauth_clients", _ID),
    "employee": _own("employees"),
    "hold": _own("holds"),
    "import": _own("import_batches"),
    "intake": _own("intakes"),
    "invitation": _own("invitations", _ID, "AND o.status = 'open'"),
    "invoice": _own("invoices"),
    "ladder": _own("ladders"),
    "location": _own("locations"),
    "member": _MEMBER,
    "organization": _SELF,
    "parcel_exception": _own("parcel_exceptions"),
    "pickup": _PICKUP,
    "recovery_campaign": _own("recovery_campaigns", _RECOVERY),
    "recovery_case": _own("recovery_cases", _RECOVERY),
    "refund": _own("refunds", "o.charge_id::text"),
    "reshipment": _own("reshipments", when="AND o.status NOT IN ('deleted', 'expired')"),
    "return": _own("returns", when="AND o.status NOT IN ('received', 'discarded')"),
    "shipment": _SHIPMENT,
    "transfer": _own("transfers", _ID),
    "user": _MEMBER,
    "wallet": _SELF,
    "webhook_delivery": _own("webhook_deliveries", _ID),
    "webhook_endpoint": _own("webhook_endpoints", _ID),
    "webhook_secret": _own("webhook_endpoints", _ID),
}
_KEY = " ".join(f"WHEN '{kind}' THEN {key}" for kind, key in _KEYS.items())

_COLUMNS = "id, at, subject_kind, subject_id, action, actor_kind, actor_id, change"
_NAMED = f"""h.id, h.at, h.subject_kind, h.subject_id, h.action, h.actor_kind, h.actor_id, h.change,
    coalesce(u.name, k.name, c.name) AS actor_name,
    CASE WHEN $6::boolean THEN CASE h.subject_kind {_KEY} END END AS subject_key
FROM page AS h
LEFT JOIN users AS u ON h.actor_kind = 'user' AND u.id = h.actor_id
LEFT JOIN api_keys AS k ON h.actor_kind = 'api_key' AND k.org_id = $1 AND k.id = h.actor_id
LEFT JOIN oauth_clients AS c ON h.actor_kind = 'client' AND c.org_id = $1 AND c.id = h.actor_id
ORDER BY h.at DESC, h.id DESC"""
_PAGE = "at >= $2 AND (at, id) < ($3, $4) ORDER BY at DESC, id DESC LIMIT $5"

LIST_ALL = f"""
WITH page AS MATERIALIZED (SELECT {_COLUMNS} FROM history WHERE org_id = $1 AND {_PAGE})
SELECT {_NAMED}
"""
LIST_OF_KIND = f"""
WITH page AS MATERIALIZED (SELECT {_COLUMNS} FROM history WHERE org_id = $1 AND subject_kind = $7 AND {_PAGE})
SELECT {_NAMED}
"""
LIST_OF_ACTOR = f"""
WITH page AS MATERIALIZED (
    SELECT {_COLUMNS} FROM history
    WHERE org_id = $1 AND actor_id = $7 AND ($8::text IS NULL OR subject_kind = $8) AND {_PAGE}
)
SELECT {_NAMED}
"""
LIST_OF_SUBJECT = f"""
WITH page AS MATERIALIZED (
    SELECT {_COLUMNS} FROM history
    WHERE org_id = $1 AND subject_kind = $7 AND subject_id = $8 AND ($9::uuid IS NULL OR actor_id = $9) AND {_PAGE}
)
SELECT {_NAMED}
"""
