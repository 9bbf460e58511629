"""The routes of this dialect."""

from backhaul.dialects.boxc.routes.authorizing import ask_for_consent, take_decision
from backhaul.dialects.boxc.routes.discovering import describe_server, list_keys
from backhaul.dialects.boxc.routes.invoices import list_invoices, view_invoice
from backhaul.dialects.boxc.routes.reshipments import (
    answer_estimate,
    create_reshipment,
    delete_reshipment,
    list_reshipments,
    view_reshipment,
)
from backhaul.dialects.boxc.routes.returns import (
    add_message,
    discard_return,
    list_returns,
    verify_return,
    view_return,
)
from backhaul.dialects.boxc.routes.tokens import give_token, revoke
from backhaul.dialects.boxc.routes.users import view_myself
from backhaul.dialects.boxc.routes.warehouses import list_warehouses, view_warehouse
from backhaul.dialects.boxc.routes.webhooks import (
    change_webhook,
    create_webhook,
    delete_webhook,
    list_webhooks,
    queue_test,
    view_webhook,
)

HANDLERS = [
    ask_for_consent,
    take_decision,
    give_token,
    revoke,
    describe_server,
    list_keys,
    view_myself,
    list_warehouses,
    view_warehouse,
    list_returns,
    view_return,
    verify_return,
    discard_return,
    add_message,
    list_reshipments,
    view_reshipment,
    create_reshipment,
    answer_estimate,
    delete_reshipment,
    list_invoices,
    view_invoice,
    list_webhooks,
    view_webhook,
    create_webhook,
    change_webhook,
    delete_webhook,
    queue_test,
]
