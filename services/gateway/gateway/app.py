"""Puts the parts of the process together."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.resources import files

from litestar import Litestar, Router
from litestar.di import Provide

import observability
import postgres
from contracts.conversation import Conversation
from contracts.topics import CONVERSATION
from gateway import replies, services
from gateway.access import Tokens, guard
from gateway.api import ROUTES, dependencies
from gateway.api.documentation import PAGES, openapi
from gateway.commands import Edge
from gateway.keys import Directory, hash_of, store
from gateway.settings import Settings
from messaging import Publisher
from postgres import Database
from web import serve, service_app


async def migrate(settings: Settings) -> None:
    """Bring the database to what this version needs."""
    await postgres.migrate(settings.postgres_dsn, files("gateway") / "migrations")


async def run_process(settings: Settings) -> None:
    """Serve until SIGTERM."""
    observability.setup(
        service="gateway", instance=settings.instance, log_format=settings.log_format
    )
    async with running(settings) as app:
        await serve(app, settings.http_host, settings.http_port)


@asynccontextmanager
async def running(
    settings: Settings, conversation: Conversation = CONVERSATION
) -> AsyncGenerator[Litestar, None]:
    """Open what the app needs, and close it at the end."""
    async with (
        Database.connect(settings.postgres_dsn, application_name=settings.instance) as database,
        Publisher.connect(
            settings.kafka_bootstrap_servers, client_id=settings.instance
        ) as publisher,
        replies.listening(settings.kafka_bootstrap_servers, conversation) as heard,
        services.connected(settings.service_urls, settings.read_timeout_seconds) as connected,
    ):
        await store.keep_platform_key(database, hash_of(settings.platform_key.get_secret_value()))
        edge = Edge(
            conversation=conversation,
            publisher=publisher,
            replies=heard,
            tokens=Tokens(settings.principal_signing_key.get_secret_value()),
            database=database,
            deadline_seconds=settings.reply_deadline_seconds,
        )
        yield _app(edge, connected, Directory(database, settings.api_key_memory_seconds))


def _app(edge: Edge, connected: services.Services, directory: Directory) -> Litestar:
    async def ready() -> bool:
        return edge.replies.listening and await edge.database.pool.fetchval("SELECT true")

    api = Router(
        "/",
        route_handlers=ROUTES,
        guards=[guard(directory.holder)],
        dependencies={
            "principal": Provide(dependencies.principal, sync_to_thread=False),
            "submission": Provide(dependencies.submission),
            "reading": Provide(dependencies.reading, sync_to_thread=False),
        },
        security=[{"api_key": []}],
    )
    return service_app(
        ready=ready,
        route_handlers=[api, *PAGES],
        given={
            "edge": edge,
            "services": connected,
            "tokens": edge.tokens,
            "database": edge.database,
        },
        openapi=openapi(),
    )
