"""What an operator sees of deliveries over time."""

from prometheus_client import Counter, Histogram

ATTEMPTS = Counter(
    "webhook_attempts", "Attempts to deliver a webhook or callback by what came of them.", ["outcome"]
)
ATTEMPT_SECONDS = Histogram(
    "webhook_attempt_seconds",
    "How long attempts took, the answer included.",
    buckets=(0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
