"""What an operator sees of the queue over time."""

from prometheus_client import Counter, Histogram

JOBS_FINISHED = Counter(
    "jobs_finished", "Runs of jobs and periodic jobs by how they ended.", ["name", "outcome"]
)
JOB_SECONDS = Histogram(
    "job_seconds",
    "How long runs of jobs and periodic jobs took.",
    ["name"],
    buckets=(0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)
