"""Serving an app on a real port for the time of a test, and waiting for what is expected."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import repeat
from typing import Any

import uvicorn
from litestar import Litestar


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    """Return as soon as it holds; fail when it does not within half a minute."""
    async with asyncio.timeout(30):
        for pause in repeat(0.02):
            if await holds():
                return
            await asyncio.sleep(pause)


@asynccontextmanager
async def served(app: Litestar) -> AsyncGenerator[str, None]:
    """Serve `app` and give its base URL."""
    untyped: Any = app
    config = uvicorn.Config(untyped, port=0, log_config=None, ws="none")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await eventually(started)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving
