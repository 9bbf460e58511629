"""backhaul webhook …: endpoints, their secrets, and what was sent to them."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer

from backhaul import main as wiring
from backhaul import outside
from backhaul.cli.listing import Limit, Listing, one_line
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain import webhooks
from backhaul.domain.announcing import Wordings, send_test
from backhaul.domain.webhooks import DeliveryId, DeliveryStatus, EndpointId

app = typer.Typer(no_args_is_help=True)
Endpoint = Annotated[UUID, typer.Argument(help="As `backhaul webhook endpoints` shows it.")]
OptionalEndpoint = Annotated[
    UUID | None, typer.Argument(help="An endpoint; without it, the organization's own for callbacks.")
]
Delivery = Annotated[UUID, typer.Argument(help="As `backhaul webhook list` shows it.")]


@app.command()
def add(
    org: Org,
    url: str,
    version: Annotated[
        str, typer.Option(help="The words it is told in: device_transfers, or the older device_returns.")
    ] = "device_transfers",
    data_dir: DataDir = None,
) -> None:
    """Have news of transfers sent to a URL; prints the endpoint's id and its signing secret."""

    async def work(session: Session) -> None:
        endpoint, secret = await webhooks.add_endpoint(
            session.db,
            actor=await session.operator_in(org),
            url=url,
            terms=announcements(session).catalog().get(version),
            policy=outside.webhook_policy(session.settings.webhooks),
            now=session.clock.now(),
        )
        print(f"{endpoint.id}  {secret}")

    run(data_dir, work)


@app.command()
def endpoints(
    org: Org,
    with_removed: Annotated[bool, typer.Option("--removed", help="Removed ones, too.")] = False,
    data_dir: DataDir = None,
) -> None:
    """List an organization's endpoints, without their secrets."""

    async def work(session: Session) -> None:
        table = Listing("status", "version", "failures in a row", "added", "URL", "id")
        actor = await session.operator_in(org)
        for found in await webhooks.list_endpoints(session.db, actor=actor, with_removed=with_removed):
            table.add_row(
                found.status.value,
                found.wording,
                str(found.consecutive_failures),
                f"{found.created_at:%Y-%m-%d %H:%M}",
                found.url,
                str(found.id),
            )
        table.show()

    run(data_dir, work)


@app.command()
def remove(org: Org, endpoint: Endpoint, data_dir: DataDir = None) -> None:
    """Remove an endpoint and cancel what it was still to be told."""

    async def work(session: Session) -> None:
        removed = await webhooks.remove_endpoint(
            session.db,
            actor=await session.operator_in(org),
            endpoint_id=EndpointId(endpoint),
            now=session.clock.now(),
        )
        print(f"{removed.url} is told nothing any more.")

    run(data_dir, work)


@app.command()
def enable(org: Org, endpoint: Endpoint, data_dir: DataDir = None) -> None:
    """Tell an endpoint news again that answered 410 Gone."""

    async def work(session: Session) -> None:
        enabled = await webhooks.enable_endpoint(
            session.db,
            actor=await session.operator_in(org),
            endpoint_id=EndpointId(endpoint),
            now=session.clock.now(),
        )
        print(f"{enabled.url} is told news again. Replay what it missed.")

    run(data_dir, work)


@app.command("test")
def try_out(org: Org, endpoint: Endpoint, data_dir: DataDir = None) -> None:
    """Have a test event sent to an endpoint; a worker must be running."""

    async def work(session: Session) -> None:
        delivery_id = await send_test(
            session.db,
            actor=await session.operator_in(org),
            endpoint_id=EndpointId(endpoint),
            wordings=announcements(session),
            now=session.clock.now(),
        )
        print(f"{delivery_id}  look at it with `backhaul webhook show`.")

    run(data_dir, work)


@app.command()
def secret(org: Org, endpoint: OptionalEndpoint = None, data_dir: DataDir = None) -> None:
    """Print a signing secret: an endpoint's, or the one that signs callbacks. History notes that it was shown."""

    async def work(session: Session) -> None:
        print(
            await webhooks.show_secret(
                session.db,
                actor=await session.operator_in(org),
                endpoint_id=None if endpoint is None else EndpointId(endpoint),
                now=session.clock.now(),
            )
        )

    run(data_dir, work)


@app.command()
def rotate(
    org: Org,
    endpoint: OptionalEndpoint = None,
    at_once: Annotated[
        bool, typer.Option("--at-once", help="The old secret signs nothing any more: somebody else knows it.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Replace a signing secret and print the new one; for a day both sign."""

    async def work(session: Session) -> None:
        print(
            await webhooks.rotate_secret(
                session.db,
                actor=await session.operator_in(org),
                endpoint_id=None if endpoint is None else EndpointId(endpoint),
                now=session.clock.now(),
                overlap=timedelta(0) if at_once else webhooks.OVERLAP,
            )
        )

    run(data_dir, work)


@app.command("list")
def list_all(
    org: Org,
    status: Annotated[DeliveryStatus | None, typer.Option(help="Only those.")] = None,
    endpoint: Annotated[UUID | None, typer.Option(help="Only to this endpoint.")] = None,
    limit: Limit = 50,
    data_dir: DataDir = None,
) -> None:
    """List deliveries, newest first."""

    async def work(session: Session) -> None:
        table = Listing("status", "attempts", "next attempt", "decided", "topic", "URL", "failure", "id")
        found = await webhooks.list_deliveries(
            session.db,
            actor=await session.operator_in(org),
            status=status,
            endpoint_id=None if endpoint is None else EndpointId(endpoint),
            limit=limit,
        )
        for delivery in found:
            following = delivery.next_attempt_at
            table.add_row(
                delivery.status.value,
                str(delivery.attempts),
                "–" if following is None else f"{following:%Y-%m-%d %H:%M:%S}",
                f"{delivery.decided_at:%Y-%m-%d %H:%M:%S}",
                delivery.topic,
                delivery.url,
                one_line(delivery.failure or "–"),
                str(delivery.id),
            )
        table.show()

    run(data_dir, work)


@app.command()
def show(org: Org, delivery: Delivery, data_dir: DataDir = None) -> None:
    """Print a delivery: its bytes, and what came of every attempt."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        found = await webhooks.get_delivery(session.db, actor=actor, delivery_id=DeliveryId(delivery))
        print(f"{found.delivery.status.value}  {found.delivery.topic}  {found.delivery.url}")
        print(found.body.decode("utf-8", "replace"))
        table = Listing("number", "at", "milliseconds", "outcome", "HTTP status", "error", "answer")
        for attempt in found.attempts:
            table.add_row(
                str(attempt.number),
                f"{attempt.at:%Y-%m-%d %H:%M:%S}",
                str(attempt.duration_ms),
                attempt.outcome.value,
                "–" if attempt.http_status is None else str(attempt.http_status),
                attempt.error or "–",
                one_line(attempt.excerpt),
            )
        table.show()

    run(data_dir, work)


@app.command()
def replay(org: Org, delivery: Delivery, data_dir: DataDir = None) -> None:
    """Send a delivery again: the same bytes under the same id."""

    async def work(session: Session) -> None:
        replayed = await webhooks.replay_delivery(
            session.db,
            actor=await session.operator_in(org),
            delivery_id=DeliveryId(delivery),
            now=session.clock.now(),
        )
        print(f"{replayed.id} waits for a worker.")

    run(data_dir, work)


def announcements(session: Session) -> Wordings:
    """Return the versions this installation knows."""
    return outside.announcements(base_url=wiring.base_url(session.settings))
