"""backhaul jobs …: what waits, what is stuck, and letting it go again."""

from typing import Annotated

import typer

from backhaul import jobqueue
from backhaul.cli.listing import Listing
from backhaul.cli.session import DataDir, Session, run
from backhaul.storage import relay

app = typer.Typer(no_args_is_help=True)
JobId = Annotated[int, typer.Argument(help="As `backhaul jobs parked` shows it.")]


@app.command()
def counts(data_dir: DataDir = None) -> None:
    """Count waiting, running and parked jobs by name."""

    async def work(session: Session) -> None:
        table = Listing("job", "waiting", "running", "parked")
        for count in await jobqueue.counts(session.db):
            table.add_row(count.name, str(count.waiting), str(count.running), str(count.parked))
        table.show()

    run(data_dir, work)


@app.command()
def parked(data_dir: DataDir = None) -> None:
    """List jobs and events that are not tried again until released."""

    async def work(session: Session) -> None:
        table = Listing("kind", "id", "name", "since", "attempts", "crashes", "reason")
        for job in await jobqueue.list_parked(session.db):
            since = f"{job.parked_at:%Y-%m-%d %H:%M}"
            table.add_row(
                "job", str(job.id), job.name, since, str(job.attempts), str(job.crashes), job.reason
            )
        for event in await relay.list_parked_events(session.db):
            since = f"{event.at:%Y-%m-%d %H:%M}"
            table.add_row("event", str(event.id), event.type, since, str(event.attempts), "–", event.failure)
        table.show()

    run(data_dir, work)


@app.command()
def release(job_id: JobId, data_dir: DataDir = None) -> None:
    """Let a parked job run again, with all its attempts."""

    async def work(session: Session) -> None:
        await jobqueue.release(session.db, job_id)
        print(f"Job {job_id} waits for a worker.")

    run(data_dir, work)


@app.command()
def discard(job_id: JobId, data_dir: DataDir = None) -> None:
    """Remove a parked job for good."""

    async def work(session: Session) -> None:
        await jobqueue.discard_parked(session.db, job_id)
        print(f"Job {job_id} is discarded.")

    run(data_dir, work)


@app.command("release-event")
def release_event(event_id: Annotated[int, typer.Argument()], data_dir: DataDir = None) -> None:
    """Tell a parked event again."""

    async def work(session: Session) -> None:
        await relay.release_event(session.db, event_id)
        print(f"Event {event_id} waits for the relay.")

    run(data_dir, work)
