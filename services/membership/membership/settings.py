"""What the process is told by its environment."""

from typing import Annotated, Literal

from pydantic import Field
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
    """Whether the clocks of sandbox chains can be moved: never in production."""
    holds_kept_after_visit: Annotated[int, Field(ge=0)] = 7
    """Days for which sessions stay set aside after a visit that nobody debited (rule X6)."""
