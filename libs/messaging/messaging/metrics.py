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
    "Messages by type and outcome: handled, duplicate, ignored, skipped, dead_lettered.",
    ("type", "outcome"),
)
RETRIES: Final = Counter(
    "messaging_retries", "Attempts at a batch that met a passing failure.", ("reason",)
)
PUBLISHED: Final = Counter(
    "messaging_outbox_published", "Outbox rows that the broker has confirmed."
)
UNPUBLISHED_SECONDS: Final = Gauge(
    "messaging_outbox_oldest_unpublished_seconds",
    "Age of the oldest outbox row that the broker has not confirmed; 0 without one.",
)
OPEN_DEAD_LETTERS: Final = Gauge(
    "messaging_dead_letters_open", "Messages set aside that wait for somebody's decision."
)
LAG: Final = Gauge(
    "messaging_consumer_lag_messages",
    "Messages of this process's partitions that wait, by consumer group and topic.",
    ("group", "topic", "partition"),
)
DATABASE_REACHABLE: Final = Gauge(
    "messaging_database_reachable", "1 if the database answered when it was last asked, else 0."
)
BROKER_REACHABLE: Final = Gauge(
    "messaging_broker_reachable", "1 if the broker answered when it was last asked, else 0."
)
PROGRESS: Final = Gauge(
    "messaging_consumer_last_progress_timestamp_seconds", "When the last batch was committed."
)
