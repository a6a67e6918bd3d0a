"""The server as it runs, on a port of its own, and somebody who hears its webhooks."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stripe
from litestar import Litestar, Request, Response, post

from devproviders.app import make
from devproviders.serving import served
from devproviders.settings import Settings

KEY, SECRET = "sk_test_key", "whsec_secret"


@dataclass
class Clock:
    """A clock that tests move."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Hearer:
    """Hears webhooks, verified by Stripe's own library; `deaf` ones are answered 500 first."""

    deaf: int = 0
    url: str = ""
    attempts: int = 0
    heard: asyncio.Queue[stripe.Event] = field(default_factory=asyncio.Queue[stripe.Event])

    async def hear(self, payload: bytes, signature: str) -> int:
        self.attempts += 1
        if self.attempts <= self.deaf:
            return 500
        construct: Callable[..., stripe.Event] = stripe.Webhook.construct_event
        self.heard.put_nowait(construct(payload, signature, SECRET))
        return 200

    async def next(self) -> stripe.Event:
        async with asyncio.timeout(10):
            return await self.heard.get()


@pytest.fixture
async def hearer() -> AsyncGenerator[Hearer, None]:
    hearer = Hearer()

    @post("/webhook")
    async def webhook(request: Request[Any, Any, Any]) -> Response[None]:
        signature = request.headers["stripe-signature"]
        return Response(None, status_code=await hearer.hear(await request.body(), signature))

    async with served(Litestar([webhook], openapi_config=None)) as url:
        hearer.url = f"{url}/webhook"
        yield hearer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def url(hearer: Hearer, clock: Clock) -> AsyncGenerator[str, None]:
    """The address of the server."""
    settings = Settings(
        http_port=0,
        devproviders_url="http://pages.test",
        stripe_api_key=KEY,
        stripe_webhook_secret=SECRET,
        payment_webhook_url=hearer.url,
    )
    async with served(make(settings, clock.now)) as url:
        yield url


@pytest.fixture
def client(url: str) -> stripe.StripeClient:
    """Stripe's own library, pointed at the server."""
    return stripe.StripeClient(
        KEY,
        base_addresses={"api": url},
        http_client=stripe.HTTPXClient(timeout=10),
        max_network_retries=0,
    )
