"""A process ends by itself when it is told to, and lets requests under way end."""

import asyncio
import os
import signal
import socket

import httpx
from litestar import Litestar, get

from web.serving import serve


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_request_under_way_is_answered_after_sigterm() -> None:
    arrived = asyncio.Event()
    may_end = asyncio.Event()

    @get("/slow")
    async def slow() -> str:
        arrived.set()
        await may_end.wait()
        return "answered"

    port = free_port()
    serving = asyncio.create_task(serve(Litestar([slow], openapi_config=None), "127.0.0.1", port))
    retrying = httpx.AsyncHTTPTransport(retries=8)
    async with httpx.AsyncClient(transport=retrying) as client:
        asking = asyncio.create_task(client.get(f"http://127.0.0.1:{port}/slow"))
        await asyncio.wait_for(arrived.wait(), 20)
        os.kill(os.getpid(), signal.SIGTERM)
        may_end.set()
        assert (await asking).text == "answered"
    await asyncio.wait_for(serving, 20)


async def test_what_answers_without_an_end_is_told_first_that_the_process_stops() -> None:
    told = asyncio.Event()

    @get("/endless")
    async def endless() -> str:
        os.kill(os.getpid(), signal.SIGTERM)
        await told.wait()
        return "ended"

    port = free_port()
    app = Litestar([endless], openapi_config=None)
    serving = asyncio.create_task(serve(app, "127.0.0.1", port, stopping=told.set))
    retrying = httpx.AsyncHTTPTransport(retries=8)
    async with httpx.AsyncClient(transport=retrying) as client:
        assert (await client.get(f"http://127.0.0.1:{port}/endless")).text == "ended"
    await asyncio.wait_for(serving, 20)
