"""Work for later: enqueued in the transaction that makes it necessary, run by whichever worker is free.

A job runs at least once and may run twice, so every handler is safe to repeat. Thin over PgQueuer's tables;
no word of the business. Start with `declaring`; `worker` runs jobs, `draining` runs them in tests, `parked`
is the operator's side.
"""

from backhaul.jobqueue.backoff import OUTAGE, Backoff
from backhaul.jobqueue.declaring import JOBS, PERIODICS, Job, Periodic, declare, job, periodic
from backhaul.jobqueue.parked import (
    Count,
    JobNotParked,
    ParkedJob,
    counts,
    discard_parked,
    list_parked,
    release,
)
from backhaul.jobqueue.running import Retry, Run
from backhaul.kernel.ports import Ports

__all__ = [
    "JOBS",
    "OUTAGE",
    "PERIODICS",
    "Backoff",
    "Count",
    "Job",
    "JobNotParked",
    "ParkedJob",
    "Periodic",
    "Ports",
    "Retry",
    "Run",
    "counts",
    "declare",
    "discard_parked",
    "job",
    "list_parked",
    "periodic",
    "release",
]
