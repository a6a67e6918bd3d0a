"""Serving an app within a running loop, on a port of its own: for tests."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

import uvicorn
from litestar import Litestar

_PATIENCE: Final = 10.0  # seconds


@asynccontextmanager
async def served(app: Litestar) -> AsyncGenerator[str, None]:
    """Serve `app` and give its base URL."""
    config = uvicorn.Config(app, port=0, log_config=None)  # pyright: ignore[reportArgumentType] — ASGI types differ
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(_PATIENCE):
        while not server.started:  # noqa: ASYNC110 — nothing tells
            await asyncio.sleep(0.005)
    [port] = [each.getsockname()[1] for one in server.servers for each in one.sockets]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving
