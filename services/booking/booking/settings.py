"""Where the process finds what it needs, and how long a booking may stay undecided."""

from datetime import timedelta

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from observability import LogFormat


class Settings(BaseSettings):
    """Read from the environment; the names are those of the fields in capitals."""

    instance: str = "booking-1"
    log_format: LogFormat = "json"
    kafka_bootstrap_servers: str
    postgres_dsn: SecretStr
    http_host: str = "127.0.0.1"
    http_port: int = 8001
    principal_verify_key: str
    booking_decided_within: timedelta = timedelta(seconds=30)
    """Rule X7, in seconds or as an ISO 8601 duration."""
