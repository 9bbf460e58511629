"""What is measured: one row each. To add one, describe a request; everything else is derived from it."""

import msgspec

from backhaul.cli.demo import REQUEST


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of request, sent over and over for random transfers of random organizations.

    `{transfer}` in the path stands for a transfer's id; the key is always that of its organization. Which
    statements the request sends is read from the application's own log (`recording.py`).
    """

    name: str
    method: str
    path: str
    body: bytes = b""
    status: int = 200
    budget: int  # how many statements a request may send, COMMIT included; more end the run
    least_of_pgbench: float | None = None  # below this share of pgbench's rate the run fails


SCENARIOS = [
    Scenario(
        name="view",
        method="GET",
        path="/api/v1/device_transfers/{transfer}",
        budget=2,
        least_of_pgbench=0.23,
    ),
    Scenario(
        name="create",
        method="POST",
        path="/api/v1/device_transfers",
        body=msgspec.json.encode(REQUEST),
        status=201,
        budget=5,
        least_of_pgbench=0.50,
    ),
]
