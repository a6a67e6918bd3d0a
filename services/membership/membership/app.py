"""Puts the parts together, nothing else."""

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

import clocks
import observability
from clocks import Clocks
from contracts.topics import CONVERSATION
from membership import api, consumers, queries, timers
from membership.api.reading import snapshot
from membership.settings import Settings
from messaging import MIGRATIONS, operation, running
from postgres import Database, migrate
from web import serve, service_app

SERVICE: Final = "membership"


async def run(settings: Settings) -> None:
    """Run the process until it is told to stop."""
    test_clocks = Clocks(enabled=settings.test_clocks)
    kept = timedelta(days=settings.holds_kept_after_visit)
    observability.setup(service=SERVICE, instance=settings.instance, log_format=settings.log_format)
    async with (
        Database.connect(settings.postgres_dsn, application_name=settings.instance) as database,
        running(
            service=SERVICE,
            conversation=CONVERSATION,
            database=database,
            bootstrap_servers=settings.kafka_bootstrap_servers,
            instance=settings.instance,
            handle=partial(
                consumers.handle, verify_key=settings.principal_verify_key, clocks=test_clocks
            ),
            concerns=consumers.concerns,
        ) as messaging,
        asyncio.TaskGroup() as background,
    ):
        timed = (
            background.create_task(timers.release_for_ever(messaging, test_clocks, kept)),
            background.create_task(timers.unfreeze_for_ever(messaging, test_clocks)),
        )
        app = service_app(
            route_handlers=api.ROUTES,
            verify_key=settings.principal_verify_key,
            ready=messaging.ready,
            find_operation=partial(operation, database),
            given={"database": database, "clocks": test_clocks},
        )
        await serve(app, settings.http_host, settings.http_port)
        for each in timed:
            each.cancel()


async def migrate_database(settings: Settings) -> None:
    """Bring the database up to date."""
    own = Path(__file__).parent / "migrations"
    await migrate(settings.postgres_dsn, MIGRATIONS, clocks.MIGRATIONS, own)


async def explanation(settings: Settings, appointment_id: UUID) -> str:
    """Return for people why an appointment was debited as it was, or not at all."""
    async with (
        Database.connect(settings.postgres_dsn, application_name=settings.instance) as database,
        snapshot(database) as connection,
    ):
        found = await queries.explain(connection, appointment_id)
    if found is None:
        return f"Nothing was ever held or debited for appointment {appointment_id}."
    return queries.as_text(found.explanation)
