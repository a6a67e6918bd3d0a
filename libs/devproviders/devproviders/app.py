"""Puts the parts together: one server for all that stands in for others."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Final

import httpx
from litestar import Litestar, MediaType, get

from devproviders import messages, pages, shapes, stripe_api, studio
from devproviders.errors import StripeError
from devproviders.messages import Inbox
from devproviders.payments import Payments, Session
from devproviders.settings import Settings
from devproviders.webhooks import Webhooks
from web import serve

_LOOK_EVERY: Final = 1.0  # seconds, for pages whose time is over
_TIMEOUT: Final = 10.0  # seconds, for whoever hears webhooks


async def run(settings: Settings) -> None:
    """Run the process until it is told to stop."""
    await serve(make(settings), settings.http_host, settings.http_port)


def make(settings: Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Litestar:
    """Return the app; `now` is its clock."""
    base_url = settings.devproviders_url.rstrip("/")
    http = httpx.AsyncClient(timeout=_TIMEOUT)
    webhooks = Webhooks(settings.payment_webhook_url, settings.stripe_webhook_secret, http, now)

    def happened(kind: str, session: Session) -> None:
        is_charge = kind.startswith("charge.")
        about = shapes.charge(session) if is_charge else shapes.session(session, base_url)
        webhooks.send(shapes.event(kind, about, now()))

    payments, inbox = Payments(now, happened), Inbox(now)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncGenerator[None]:
        expiring = asyncio.create_task(_expire(payments))
        try:
            yield
        finally:
            expiring.cancel()
            with suppress(asyncio.CancelledError):
                await expiring
            await webhooks.stop()
            await http.aclose()

    handlers: list[Any] = [
        _readyz,
        stripe_api.routes(payments, api_key=settings.stripe_api_key, base_url=base_url),
        messages.routes(inbox),
        *pages.routes(payments, inbox),
        *studio.ROUTES,
    ]
    return Litestar(
        handlers,
        lifespan=[lifespan],
        exception_handlers={StripeError: pages.missing_page},
        openapi_config=None,
        logging_config=None,
    )


@get(["/readyz", "/livez"], media_type=MediaType.TEXT)
async def _readyz() -> str:
    return "ready"


async def _expire(payments: Payments) -> None:
    while True:
        payments.expire_due()
        await asyncio.sleep(_LOOK_EVERY)
