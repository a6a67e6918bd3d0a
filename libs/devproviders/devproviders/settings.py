"""What the process is told by its environment."""

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """Environment variables of the same names in capitals."""

    http_host: str = "127.0.0.1"
    http_port: int
    devproviders_url: str
    """Where people's browsers find this server: the address of its checkout pages."""
    stripe_api_key: str
    """The key that callers of the payment provider must have."""
    stripe_webhook_secret: str
    """What the payment provider signs its webhooks with."""
    payment_webhook_url: str | None = None
    """Where the payment provider tells what happened; nowhere if unset."""
