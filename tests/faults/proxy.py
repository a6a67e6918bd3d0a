"""A TCP proxy between one service and a server, which can be cut or go silent."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

_CHUNK: Final = 65_536


class Proxy:
    """Passes bytes to a server on this machine and back.

    Kafka tells its clients where to connect: its port is replaced by ours in what it answers.
    """

    def __init__(self, port: int) -> None:
        self._server_port = port
        self.port = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_cut = False
        self._flowing = asyncio.Event()
        self._flowing.set()

    @classmethod
    @asynccontextmanager
    async def to(cls, port: int) -> "AsyncGenerator[Proxy]":
        """Listen on a free port until the block ends."""
        proxy = cls(port)
        server = await asyncio.start_server(proxy._connected, "127.0.0.1", 0)
        proxy.port = server.sockets[0].getsockname()[1]
        try:
            yield proxy
        finally:
            server.close()
            proxy.cut()
            for task in proxy._tasks:
                task.cancel()

    def cut(self) -> None:
        """Reset every connection, and refuse new ones."""
        self._is_cut = True
        for writer in self._writers:
            writer.transport.abort()

    def go_silent(self) -> None:
        """Pass nothing on any more. Connections stay open, and neither end hears of the other."""
        self._flowing.clear()

    def heal(self) -> None:
        """Serve new connections; those that are half-open stay so."""
        self._is_cut = False
        self._flowing = asyncio.Event()
        self._flowing.set()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        task = asyncio.create_task(self._serve(reader, writer, self._flowing))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, flowing: asyncio.Event
    ) -> None:
        await flowing.wait()
        answers, requests = await asyncio.open_connection("127.0.0.1", self._server_port)
        told, ours = (b"127.0.0.1" + port.to_bytes(4) for port in (self._server_port, self.port))
        await asyncio.gather(
            self._pass_on(reader, requests, flowing, {}),
            self._pass_on(answers, writer, flowing, {told: ours}),
        )

    async def _pass_on(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        flowing: asyncio.Event,
        replaced: dict[bytes, bytes],
    ) -> None:
        self._writers.add(writer)
        try:
            while chunk := await reader.read(_CHUNK):
                await flowing.wait()
                for old, new in replaced.items():
                    chunk = chunk.replace(old, new)
                writer.write(chunk)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            self._writers.discard(writer)
            writer.transport.abort()
