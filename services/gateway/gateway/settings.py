"""What the process is told by its environment."""

from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings

ServiceName = Literal["booking", "membership", "sales", "scheduler"]


class Settings(BaseSettings):
    """Environment variables of the same names in capitals; the secrets show in no log."""

    instance: str
    """The name of this process, in logs and connections; no other one has it."""
    kafka_bootstrap_servers: str
    postgres_dsn: str
    http_host: str = "127.0.0.1"
    http_port: int
    booking_url: str
    membership_url: str
    sales_url: str
    scheduler_url: str
    principal_signing_key: SecretStr
    platform_key: SecretStr
    log_format: Literal["console", "json"] = "console"

    reply_deadline_seconds: float = 10
    """How long a caller waits for its command's reply before it gets 202."""
    read_timeout_seconds: float = 5
    """How long a service may take to answer a GET."""
    api_key_memory_seconds: float = 5
    """How long a revoked key may still work on a replica that knows it."""

    @property
    def service_urls(self) -> dict[ServiceName, str]:
        """The base URL of every service that answers reads."""
        return {
            "booking": self.booking_url,
            "membership": self.membership_url,
            "sales": self.sales_url,
            "scheduler": self.scheduler_url,
        }
