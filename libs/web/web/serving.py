"""Run an app until the process is told to stop."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import Callable, Coroutine, Generator
from types import FrameType
from typing import Any, Final

import uvicorn
import uvloop
from litestar.types import ASGIApp

GRACE_SECONDS: Final = 10
KEEP_ALIVE_SECONDS: Final = 75
"""An idle connection is kept for longer than callers keep theirs: who closes first must be the one
who would use it next, or a request meets a connection that is just being closed."""


class _Server(uvicorn.Server):
    """Stops on SIGTERM and SIGINT without raising them anew, so that its caller can clean up."""

    def __init__(self, config: uvicorn.Config, stopping: Callable[[], object]) -> None:
        super().__init__(config)
        self._stopping = stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._stopping()
        super().handle_exit(sig, frame)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        loop = asyncio.get_running_loop()
        signals = (signal.SIGTERM, signal.SIGINT)
        for number in signals:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in signals:
                loop.remove_signal_handler(number)


async def serve(
    app: ASGIApp, host: str, port: int, *, stopping: Callable[[], object] = lambda: None
) -> None:
    """Serve `app` until SIGTERM or SIGINT; requests under way get `GRACE_SECONDS` to end.

    `stopping` is called first: whatever answers without an end is to end then.
    """
    config = uvicorn.Config(
        app,  # pyright: ignore[reportArgumentType] — the two libraries' ASGI types differ in name
        host=host,
        port=port,
        http="httptools",
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    await _Server(config, stopping).serve()


def run(main: Coroutine[Any, Any, None]) -> None:
    """Run a process's `main` on uvloop."""
    # What is imported by now stays for good; messages come and go by reference counts. So the
    # collector, which stops everything, need not look often, nor at all of it: a batch in hand has
    # some 100,000 objects, all of them alive.
    gc.collect()
    gc.freeze()
    gc.set_threshold(250_000, 20, 50)
    uvloop.run(main)
