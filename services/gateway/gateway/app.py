"""Puts the parts of the process together."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.resources import files

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.exceptions import HTTPException

import observability
import postgres
from contracts.conversation import Conversation
from contracts.topics import CONVERSATION
from gateway import errands, message_log, replies, services
from gateway.access import ClientTokens, InnerTokens, Tokens, cross_origin, guard, preflights
from gateway.access.clients import PREFIX as CLIENT_TOKEN
from gateway.access.guard import Holder
from gateway.access.inner import PREFIX as INNER_TOKEN
from gateway.api import ROUTES, WEBHOOKS, dependencies
from gateway.api.documentation import PAGES as DOCUMENTATION
from gateway.api.documentation import openapi
from gateway.commands import Edge
from gateway.keys import Directory, hash_of, store
from gateway.pages import PAGES
from gateway.pages.refusals import show_unrouted
from gateway.phones import PhoneCodes
from gateway.queries import Locations
from gateway.settings import Settings
from gateway.staff import Sessions
from messaging import Publisher
from postgres import Database
from web import serve, service_app
from web.identity import Principal


async def migrate(settings: Settings) -> None:
    """Bring the database to what this version needs."""
    await postgres.migrate(settings.postgres_dsn, files("gateway") / "migrations")


async def run_process(settings: Settings) -> None:
    """Serve until SIGTERM."""
    observability.setup(
        service="gateway", instance=settings.instance, log_format=settings.log_format
    )
    async with running(settings) as app:
        stopping = app.state.message_log.let_go
        await serve(app, settings.http_host, settings.http_port, stopping=stopping)


@asynccontextmanager
async def running(
    settings: Settings, conversation: Conversation = CONVERSATION
) -> AsyncGenerator[Litestar, None]:
    """Open what the app needs, and close it at the end."""
    signing_key = settings.principal_signing_key.get_secret_value()
    lifetime = timedelta(hours=settings.client_token_hours)
    async with (
        Database.connect(settings.postgres_dsn, application_name=settings.instance) as database,
        Publisher.connect(
            settings.kafka_bootstrap_servers, client_id=settings.instance
        ) as publisher,
        replies.listening(settings.kafka_bootstrap_servers, conversation) as heard,
        services.connected(settings.service_urls, settings.read_timeout_seconds) as connected,
        errands.sending(settings) as send,
        message_log.opened(settings.kafka_bootstrap_servers, conversation) as log,
    ):
        await store.keep_platform_key(database, hash_of(settings.platform_key.get_secret_value()))
        edge = Edge(
            conversation=conversation,
            publisher=publisher,
            replies=heard,
            tokens=Tokens(signing_key),
            database=database,
            deadline_seconds=settings.reply_deadline_seconds,
        )
        codes = PhoneCodes(database, signing_key)
        given = {
            "edge": edge,
            "services": connected,
            "tokens": edge.tokens,
            "database": database,
            "locations": Locations(),
            "phone_codes": codes,
            "client_tokens": (client_tokens := ClientTokens(signing_key, lifetime)),
            "settings": settings,
        }
        inner_tokens = InnerTokens(signing_key)
        directory = Directory(database, settings.api_key_memory_seconds)
        async with errands.running(codes, send, retry_seconds=settings.phone_code_retry_seconds):
            app = _app(edge, _holder(directory, client_tokens, inner_tokens), given)
            app.state.update(given)
            app.state.update(
                sessions=Sessions(database),
                inner_tokens=inner_tokens,
                message_log=log,
                sign_in_secret=signing_key,
            )
            yield app


def _holder(directory: Directory, client_tokens: ClientTokens, inner_tokens: InnerTokens) -> Holder:
    async def holder(token: str) -> Principal | None:
        if token.startswith(CLIENT_TOKEN):
            return client_tokens.holder(token)
        if token.startswith(INNER_TOKEN):
            return inner_tokens.holder(token)
        return await directory.holder(token)

    return holder


def _app(edge: Edge, holder: Holder, given: Mapping[str, object]) -> Litestar:
    async def ready() -> bool:
        return edge.replies.listening and await edge.database.pool.fetchval("SELECT true")

    api = Router(
        "/",
        route_handlers=[*preflights(ROUTES), *ROUTES],
        guards=[guard(holder)],
        middleware=[cross_origin],
        dependencies={
            "principal": Provide(dependencies.principal, sync_to_thread=False),
            "submission": Provide(dependencies.submission),
            "reading": Provide(dependencies.reading, sync_to_thread=False),
        },
        security=[{"api_key": []}],
    )
    return service_app(
        ready=ready,
        route_handlers=[api, *WEBHOOKS, *DOCUMENTATION, *PAGES],
        given=given,
        openapi=openapi(),
        exception_handlers={HTTPException: show_unrouted},
    )
