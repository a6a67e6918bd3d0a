"""Services that are cut off from Kafka or Postgres for a while, half-open connections included."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

from ground import Ground
from proxy import Proxy
from workload import until, working

_REPLICA: Final = 1
_CUT: Final = (("kafka", "cut"), ("postgres", "cut"))
_SILENT: Final = (("kafka", "silent"), ("postgres", "silent"))


async def partitioned(ground: Ground) -> str:
    """Part one replica of each service from Kafka or from Postgres, each in its own way."""
    services = ground.random.sample(ground.stack.services(), len(ground.stack.services()))
    ways = [*_CUT, *(_SILENT if ground.counts.half_open else _CUT), ground.random.choice(_CUT)]
    async with AsyncExitStack() as proxies:
        routes = [await proxies.enter_async_context(_routed(ground, one)) for one in services]
        async with working(ground, ground.counts.partition_waves) as work:
            await until(work.starts[0])
            chosen = [route[server] for route, (server, _) in zip(routes, ways, strict=True)]
            for proxy, (_, way) in zip(chosen, ways, strict=True):
                if way == "cut":
                    proxy.cut()
                else:
                    proxy.go_silent()
            await asyncio.sleep(ground.counts.partition_seconds)
            for proxy in chosen:
                proxy.heal()
            ground.strike()
        await ground.all_ready()
    return work.effects


@asynccontextmanager
async def _routed(ground: Ground, service: str) -> AsyncGenerator[dict[str, Proxy]]:
    """Let the first replica of a service reach its servers through proxies, within this block."""
    stack = ground.stack
    dsn = urlsplit(stack.dsn(service, service))
    kafka_port = int(stack.bootstrap_servers.rpartition(":")[2])
    async with Proxy.to(dsn.port or 0) as postgres, Proxy.to(kafka_port) as kafka:
        place = dsn.netloc.rpartition(":")[0]
        settings = {
            "POSTGRES_DSN": dsn._replace(netloc=f"{place}:{postgres.port}").geturl(),
            "KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{kafka.port}",
        }
        await asyncio.to_thread(stack.stop, service, _REPLICA)
        await asyncio.to_thread(stack.start, service, _REPLICA, settings=settings)
        yield {"postgres": postgres, "kafka": kafka}
        await asyncio.to_thread(stack.stop, service, _REPLICA)
    await ground.start(service, _REPLICA)
