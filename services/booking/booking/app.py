"""Puts the parts together, nothing else."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Final

import observability
from booking import api, consumers, errands, timers
from booking.domain.decisions import Patience
from booking.queries.calendar_watch import CalendarWatch
from booking.settings import Settings
from clocks import MIGRATIONS as CLOCKS
from clocks import Clocks
from contracts.topics import CONVERSATION
from messaging import MIGRATIONS, operation, running
from postgres import Database, migrate
from web import serve, service_app

SERVICE: Final = "booking"


async def run(settings: Settings) -> None:
    """Run the process until it is told to stop."""
    observability.setup(service=SERVICE, instance=settings.instance, log_format=settings.log_format)
    clocks = Clocks(enabled=settings.test_clocks)
    handle = consumers.handler(
        verify_key=settings.principal_verify_key,
        patience=Patience(settings.booking_decided_within, settings.booking_paid_within),
        test_clocks=clocks,
    )
    async with (
        Database.connect(settings.postgres_dsn, application_name=settings.instance) as database,
        running(
            service=SERVICE,
            conversation=CONVERSATION,
            database=database,
            bootstrap_servers=settings.kafka_bootstrap_servers,
            instance=settings.instance,
            handle=handle,
        ) as messaging,
        asyncio.TaskGroup() as background,
    ):
        watch = CalendarWatch()
        tasks = [
            background.create_task(timers.refuse_undecided(messaging)),
            background.create_task(timers.forget_changes(messaging)),
            background.create_task(
                errands.forget_copies(messaging, settings.kafka_bootstrap_servers, SERVICE)
            ),
            background.create_task(watch.run(database)),
        ]
        app = service_app(
            route_handlers=api.ROUTES,
            verify_key=settings.principal_verify_key,
            ready=messaging.ready,
            find_operation=partial(operation, database),
            given={"database": database, "clocks": clocks, "watch": watch},
        )
        await serve(app, settings.http_host, settings.http_port, stopping=watch.stop)
        for task in tasks:
            task.cancel()


async def migrate_database(settings: Settings) -> None:
    """Bring the database up to date."""
    own = Path(__file__).parent / "migrations"
    await migrate(settings.postgres_dsn, MIGRATIONS, CLOCKS, own)
