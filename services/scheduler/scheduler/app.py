"""Puts the parts together, nothing else."""

import asyncio
from functools import partial
from pathlib import Path

import observability
from clocks import MIGRATIONS as CLOCK_MIGRATIONS
from clocks import Clocks
from contracts.topics import CONVERSATION
from messaging import MIGRATIONS, running
from postgres import Database, migrate
from scheduler import api, consumers, timers
from scheduler.settings import Settings
from web import serve, service_app

SERVICE = "scheduler"


async def run(settings: Settings) -> None:
    """Run the process until it is told to stop."""
    clocks = Clocks(enabled=settings.test_clocks)
    observability.setup(service=SERVICE, instance=settings.instance, log_format=settings.log_format)
    async with (
        Database.connect(settings.postgres_dsn, application_name=settings.instance) as database,
        running(
            service=SERVICE,
            conversation=CONVERSATION,
            database=database,
            bootstrap_servers=settings.kafka_bootstrap_servers,
            instance=settings.instance,
            handle=partial(consumers.handle, clocks),
        ) as messaging,
        asyncio.TaskGroup() as background,
    ):
        firing = background.create_task(timers.fire_for_ever(database, messaging))
        counting = background.create_task(timers.count_for_ever(database))
        app = service_app(
            route_handlers=[api.get_timers, api.get_clock],
            verify_key=settings.principal_verify_key,
            ready=messaging.ready,
            given={"database": database, "clocks": clocks},
        )
        await serve(app, settings.http_host, settings.http_port)
        firing.cancel()
        counting.cancel()


async def migrate_database(settings: Settings) -> None:
    """Bring the database up to date."""
    own = Path(__file__).parent / "migrations"
    await migrate(settings.postgres_dsn, MIGRATIONS, CLOCK_MIGRATIONS, own)
