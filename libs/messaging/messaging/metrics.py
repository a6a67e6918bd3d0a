"""What Prometheus may know about messages."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

BATCH_SIZE: Final = Histogram(
    "messaging_batch_size_messages",
    "Messages in a batch, as they came from the broker.",
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000),
)
BATCH_SECONDS: Final = Histogram(
    "messaging_batch_duration_seconds",
    "From the arrival of a batch until it was committed, retries included.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5, 30, 120),
)
MESSAGES: Final = Counter(
    "messaging_messages",
    "Messages by type and outcome: handled, duplicate, skipped, dead_lettered.",
    ("type", "outcome"),
)
RETRIES: Final = Counter(
    "messaging_retries", "Attempts at a batch that met a passing failure.", ("reason",)
)
PUBLISHED: Final = Counter(
    "messaging_outbox_published", "Outbox rows that the broker has confirmed."
)
UNPUBLISHED_SECONDS: Final = Gauge(
    "messaging_outbox_oldest_unpublished_seconds", "Age of the oldest row at the last look."
)
LAG: Final = Gauge(
    "messaging_consumer_lag_messages",
    "Messages behind the end of the partition, after the last batch.",
    ("topic", "partition"),
)
PROGRESS: Final = Gauge(
    "messaging_consumer_last_progress_timestamp_seconds", "When the last batch was committed."
)
