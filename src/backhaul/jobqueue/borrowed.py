"""The statements PgQueuer brings: picking, heartbeats, finishing.

Its own loop is not used: it cannot hand a job back when it stops, turns a retry that meets a lost connection
into a failure, and does not come back after PostgreSQL restarts.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from pgqueuer.adapters.persistence.qb import QueryQueueBuilder
from pgqueuer.domain.settings import DBSettings
from pgqueuer.domain.types import QueueEntrypoint, QueueManagerId

# Every name is given: PgQueuer would otherwise read them from environment variables as common as CHANNEL.
_BUILDER = QueryQueueBuilder(
    DBSettings(
        prefix="",
        db_schema="jobs",
        queue_table="pgqueuer",
        queue_table_log="pgqueuer_log",
        statistics_table="pgqueuer_statistics",
        schedules_table="pgqueuer_schedules",
        queue_status_type="pgqueuer_status",
        function="fn_pgqueuer_changed",
        trigger="tg_pgqueuer_changed",
    )
)

# PgQueuer would pick the jobs of a dead worker without counting the crash; RECLAIM does both.
_NEVER = timedelta(days=36_500)

HEARTBEAT: str = _BUILDER.build_update_heartbeat_query()
FINISH: str = _BUILDER.build_log_job_query()


def pick(*, worker_id: UUID, names: list[str], at_most: int) -> tuple[str, tuple[Any, ...]]:
    """Return the statement that picks due jobs for a worker, with its arguments."""
    query = _BUILDER.build_dequeue_query(
        batch_size=at_most,
        entrypoints=[QueueEntrypoint(name) for name in names],
        concurrency_limits=[0] * len(names),
        queue_manager_id=QueueManagerId(worker_id),
        global_concurrency_limit=None,
        heartbeat_timeout=_NEVER,
    )
    return query.sql, query.args


def finish_arguments(job_ids: list[int]) -> tuple[Any, ...]:
    """Return FINISH's arguments for jobs that are done."""
    return job_ids, ["successful"] * len(job_ids), [None] * len(job_ids)
