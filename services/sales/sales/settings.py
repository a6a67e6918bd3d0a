"""What the process is told by its environment."""

from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """One field per environment variable of the same name in capitals."""

    instance: str
    """The name of this process, which no other one has: two of one name shut each other out."""
    kafka_bootstrap_servers: str
    postgres_dsn: str
    http_host: str = "127.0.0.1"
    http_port: int
    principal_verify_key: str
    log_format: Literal["console", "json"] = "console"
    test_clocks: bool = False
    """Whether sandbox chains may have clocks of their own; not in production."""
    stripe_url: str = "https://api.stripe.com"
    stripe_api_key: SecretStr | None = None
    """The key of the payment provider; nothing can be paid online without it and the next one."""
    payment_return_url: str | None = None
    """Where the provider's page leads back to; `payment_id` and `outcome` are added to it."""
