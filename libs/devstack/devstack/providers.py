"""What stands in for those outside, beside the services: where it is, and what both know of it."""

import secrets
from typing import Final

from devstack.state import State

NAME: Final = "devproviders"


def settings(url: str, gateway_url: str, state: State) -> dict[str, str]:
    """Return what services and `devproviders` are given, so that they find and trust each other."""
    api_key = state.remember("secrets", "stripe_api_key", lambda: _secret("sk_test"))
    webhook_secret = state.remember("secrets", "stripe_webhook_secret", lambda: _secret("whsec"))
    return {
        "STRIPE_URL": url,
        "STRIPE_API_KEY": api_key,
        "STRIPE_WEBHOOK_SECRET": webhook_secret,
        "PAYMENT_WEBHOOK_URL": f"{gateway_url}/v1/payment-providers/stripe/webhook",
        "PAYMENT_RETURN_URL": f"{gateway_url}/book/paid",
        "PHONE_CODE_ADAPTER": "webhook",
        "PHONE_CODE_WEBHOOK_URL": f"{url}/messages",
    }


def _secret(prefix: str) -> str:
    return f"{prefix}_{secrets.token_urlsafe(24)}"
