"""What the process is told by its environment."""

from datetime import timedelta

from pydantic_settings import BaseSettings

from observability import LogFormat


class Settings(BaseSettings):
    """One field per environment variable of the same name in capitals."""

    instance: str
    """The name of this process, which no other one has: two of one name shut each other out."""
    kafka_bootstrap_servers: str
    postgres_dsn: str
    http_host: str = "127.0.0.1"
    http_port: int
    principal_verify_key: str
    log_format: LogFormat = "console"
    booking_decided_within: timedelta = timedelta(seconds=30)
    """Rule X7: an ISO 8601 duration, such as PT30S."""
    booking_paid_within: timedelta = timedelta(minutes=15)
    """For how long the slots and spots of an unpaid booking are kept."""
    test_clocks: bool = False
    """Whether there may be sandbox chains, whose clocks can be moved."""
