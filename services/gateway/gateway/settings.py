"""What the process is told by its environment."""

from typing import Literal, Self

from pydantic import SecretStr, model_validator
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

    phone_code_adapter: Literal["log", "smtp", "webhook"] = "log"
    """How codes get to phones. `log` writes them to the log of this process: for development."""
    phone_code_webhook_url: str = ""
    """What is sent a POST of `{"phone", "text", "code"}`."""
    phone_code_mail_from: str = ""
    phone_code_mail_domain: str = ""
    """Codes are mailed to the digits of a number at this domain, a gateway to text messages."""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_start_tls: bool | None = None
    """Whether the connection to the mail server must, or must not, be encrypted by STARTTLS; where
    the server can if it is not said."""
    phone_code_retry_seconds: float = 10
    """How long a try to send a code may take, and after how long there is another."""
    phone_codes_per_phone: int = 5
    """How many codes are sent to a phone within an hour."""
    phone_codes_per_caller: int = 20
    """How many codes an address, of IPv6 a /64 of them, may ask for an hour, by a widget's key."""
    phone_codes_per_gateway: int = 1000
    """How many codes a chain's own backend may ask for within an hour."""
    client_token_hours: float = 12
    """For how long a client need not confirm the phone again."""
    stripe_webhook_secret: SecretStr = SecretStr("")
    """With which Stripe signs what it sends; without it, whatever comes is refused."""

    @model_validator(mode="after")
    def _adapter_is_complete(self) -> Self:
        needs = {
            "log": (),
            "smtp": ("smtp_host", "phone_code_mail_from", "phone_code_mail_domain"),
            "webhook": ("phone_code_webhook_url",),
        }[self.phone_code_adapter]
        missing = [name.upper() for name in needs if not getattr(self, name)]
        if missing:
            raise ValueError(f"PHONE_CODE_ADAPTER={self.phone_code_adapter} needs {missing}")
        return self

    @property
    def service_urls(self) -> dict[ServiceName, str]:
        """The base URL of every service that answers reads."""
        return {
            "booking": self.booking_url,
            "membership": self.membership_url,
            "sales": self.sales_url,
            "scheduler": self.scheduler_url,
        }
