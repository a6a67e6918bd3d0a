"""Puts the parts together, nothing else."""

import asyncio
import logging
from functools import partial
from pathlib import Path

import observability
from clocks import MIGRATIONS as CLOCKS
from clocks import Clocks
from contracts.topics import CONVERSATION
from messaging import MIGRATIONS, Messaging, operation, running
from postgres import Database, migrate
from sales import api, consumers
from sales.errands.performing import Performer
from sales.errands.stripe_checkout import StripeCheckout
from sales.errands.watching import watch_for_ever
from sales.settings import Settings
from web import serve, service_app

SERVICE = "sales"
ROUTES = api.ROUTES

_log = logging.getLogger(__name__)


async def run(settings: Settings) -> None:
    """Run the process until it is told to stop."""
    observability.setup(service=SERVICE, instance=settings.instance, log_format=settings.log_format)
    clocks = Clocks(enabled=settings.test_clocks)
    async with (
        Database.connect(settings.postgres_dsn, application_name=settings.instance) as database,
        running(
            service=SERVICE,
            conversation=CONVERSATION,
            database=database,
            bootstrap_servers=settings.kafka_bootstrap_servers,
            instance=settings.instance,
            handle=partial(
                consumers.handle, verify_key=settings.principal_verify_key, clocks=clocks
            ),
        ) as messaging,
        asyncio.TaskGroup() as background,
    ):
        errands = background.create_task(_perform(settings, database, clocks, messaging))
        watching = background.create_task(watch_for_ever(database))
        app = service_app(
            route_handlers=ROUTES,
            verify_key=settings.principal_verify_key,
            find_operation=partial(operation, database),
            ready=messaging.ready,
            given={"database": database, "clocks": clocks},
        )
        await serve(app, settings.http_host, settings.http_port)
        errands.cancel()
        watching.cancel()


async def _perform(
    settings: Settings, database: Database, clocks: Clocks, messaging: Messaging
) -> None:
    if settings.stripe_api_key is None or settings.payment_return_url is None:
        _log.warning("Without STRIPE_API_KEY and PAYMENT_RETURN_URL nothing can be paid online")
        return
    provider = StripeCheckout(
        url=settings.stripe_url,
        api_key=settings.stripe_api_key.get_secret_value(),
        return_url=settings.payment_return_url,
    )
    await Performer(database, clocks, provider, messaging.work).perform_for_ever()


async def migrate_database(settings: Settings) -> None:
    """Bring the database up to date."""
    await migrate(settings.postgres_dsn, MIGRATIONS, CLOCKS, Path(__file__).parent / "migrations")
