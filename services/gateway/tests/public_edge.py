"""The gateway as its callers see it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from litestar import Litestar
from pydantic import SecretStr

from contracts.conversation import Conversation
from devstack.stack import Stack
from gateway.access import ClientTokens
from gateway.app import running
from gateway.keys import hash_of, new_key, store
from gateway.settings import Settings
from postgres import Database
from web.identity import KeyPair, Principal, Role

from .serving import eventually

# Nobody listens there.
NOWHERE = "http://127.0.0.1:9"
WEBHOOK_SECRET = "whsec_of_the_tests"


@dataclass
class PublicEdge:
    """A running gateway, and callers of every role of one chain and location."""

    app: Litestar
    database: Database
    platform_key: str
    signing_key: str
    chain_id: UUID
    location_id: UUID

    @classmethod
    @asynccontextmanager
    async def running(
        cls,
        servers: Stack,
        conversation: Conversation,
        dsn: str,
        keys: KeyPair,
        *,
        service_url: str = NOWHERE,
        deadline_seconds: float = 20,
        **others: Any,
    ) -> AsyncGenerator["PublicEdge", None]:
        """Start a gateway in front of `service_url`, and wait until it is ready."""
        platform_key = new_key(Role.PLATFORM).text
        others = {"stripe_webhook_secret": SecretStr(WEBHOOK_SECRET)} | others
        settings = Settings(
            kafka_bootstrap_servers=servers.bootstrap_servers,
            postgres_dsn=dsn,
            http_port=0,
            booking_url=service_url,
            membership_url=service_url,
            sales_url=service_url,
            scheduler_url=service_url,
            principal_signing_key=SecretStr(keys.signing_key),
            platform_key=SecretStr(platform_key),
            instance=f"gateway-{uuid4().hex[:8]}",
            reply_deadline_seconds=deadline_seconds,
            api_key_memory_seconds=0,
            **others,
        )
        async with (
            Database.connect(dsn, application_name="tests") as database,
            running(settings, conversation) as app,
        ):
            edge = cls(app, database, platform_key, keys.signing_key, uuid4(), uuid4())
            await eventually(edge.is_ready)
            yield edge

    async def is_ready(self) -> bool:
        """Return what the gateway says of itself."""
        async with self.calling(None) as anybody:
            return (await anybody.get("/readyz")).is_success

    def calling(self, key: str | None) -> httpx.AsyncClient:
        """Return a caller with this key; every change has an idempotency key of its own."""
        untyped: Any = self.app
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(untyped, raise_app_exceptions=False),
            base_url="http://edge",
            headers={"Authorization": f"Bearer {key}"} if key else {},
            event_hooks={"request": [_give_idempotency_key]},
            timeout=30,
        )

    def platform(self) -> httpx.AsyncClient:
        """Return the platform as a caller."""
        return self.calling(self.platform_key)

    def client_token(self, phone: str) -> str:
        """Return the token of a client of the location who has confirmed this phone (E.164)."""
        token, _ = self.client_tokens.issue(self.chain_id, self.location_id, phone)
        return token

    @property
    def client_tokens(self) -> ClientTokens:
        """What issues tokens as the gateway does."""
        return ClientTokens(self.signing_key, timedelta(hours=1))

    async def key(self, role: Role) -> str:
        """Return a key of `role` for the chain, and for the location where the role has one."""
        if role is Role.PLATFORM:
            return self.platform_key
        if role is Role.CLIENT:
            return self.client_token("+351912000000")
        key = new_key(role)
        of_a_location = role in {Role.OPERATOR, Role.WIDGET}
        holder = Principal(
            id=key.id,
            role=role,
            chain_id=self.chain_id,
            location_id=self.location_id if of_a_location else None,
        )
        await store.keep(self.database, holder, f"a {role}", hash_of(key.text))
        return key.text


async def _give_idempotency_key(request: httpx.Request) -> None:
    if request.method in {"POST", "PUT", "DELETE"} and "X-Without-Key" not in request.headers:
        request.headers.setdefault("Idempotency-Key", str(uuid4()))


def problem_of(response: httpx.Response, status: int, name: str) -> dict[str, Any]:
    """Return the problem document that the answer is, in the one form."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["type"] == f"/problems/{name}"
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    return document
