"""Signed deliveries to other people's servers: decided once, sent until they arrive or the ladder ends.

Not here: what is said (the bytes come from whoever calls `deliver`; `announcing` words them for subscribers) and how a
connection is made (adapters/outgoing). Start with `model` and `lifecycle`; then `operations.delivering`, which writes a
delivery in somebody's transaction, and `sending`, the loop of a worker that carries them out.

To add news of another kind (a parcel's, an employee's): a reaction in `announcing` and its wording in the dialect. To
add subscriptions of another API: a `Terms` of its dialect, wired in `outside`, which states how many endpoints there
may be, which headers carry which signature, how requests are repeated and after how many failures an endpoint is
disabled; `add_endpoint` takes a topic and a secret of the client's. Neither changes a line of this package. (A
signature *inside* a body would: wordings see no secrets.)
"""

from backhaul.domain.webhooks.errors import (
    DeliveryMoveRefused,
    DeliveryUnknown,
    EndpointMoveRefused,
    EndpointTaken,
    EndpointUnknown,
    TooManyEndpoints,
    VersionUnknown,
)
from backhaul.domain.webhooks.model import (
    MAX_URL_LENGTH,
    Attempt,
    Delivery,
    DeliveryId,
    DeliveryStatus,
    Endpoint,
    EndpointId,
    EndpointStatus,
    Message,
    Policy,
)
from backhaul.domain.webhooks.operations import (
    add_endpoint,
    change_endpoint,
    deliver,
    enable_endpoint,
    remove_endpoint,
    replay_delivery,
    rotate_secret,
    show_secret,
)
from backhaul.domain.webhooks.operations.secrets import OVERLAP
from backhaul.domain.webhooks.ports import Catalog, Courier, Reply, Terms, Timeouts
from backhaul.domain.webhooks.queries import (
    get_delivery,
    get_endpoint,
    get_endpoint_by_number,
    list_callbacks,
    list_deliveries,
    list_endpoints,
    list_endpoints_of,
    list_listening,
)
from backhaul.domain.webhooks.urls import check_url

__all__ = [
    "MAX_URL_LENGTH",
    "OVERLAP",
    "Attempt",
    "Catalog",
    "Courier",
    "Delivery",
    "DeliveryId",
    "DeliveryMoveRefused",
    "DeliveryStatus",
    "DeliveryUnknown",
    "Endpoint",
    "EndpointId",
    "EndpointMoveRefused",
    "EndpointStatus",
    "EndpointTaken",
    "EndpointUnknown",
    "Message",
    "Policy",
    "Reply",
    "Terms",
    "Timeouts",
    "TooManyEndpoints",
    "VersionUnknown",
    "add_endpoint",
    "change_endpoint",
    "check_url",
    "deliver",
    "enable_endpoint",
    "get_delivery",
    "get_endpoint",
    "get_endpoint_by_number",
    "list_callbacks",
    "list_deliveries",
    "list_endpoints",
    "list_endpoints_of",
    "list_listening",
    "remove_endpoint",
    "replay_delivery",
    "rotate_secret",
    "show_secret",
]
