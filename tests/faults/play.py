"""Plays one fault after the other, each to its audit."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from time import monotonic
from typing import Final

from rich.progress import Progress

from audit import audit
from caller import PatientCaller
from copies import copied_and_shuffled
from counts import Counts
from crashes import kafka_killed, postgres_killed, services_killed
from devstack import Stack
from edge import Edge
from ground import REPLICAS, Ground
from late import late
from many_starts import many_starts
from partitions import partitioned
from races import last_session
from repetitions import replies_lost
from scaling import replicas_added_and_removed, rolling_restart
from scene import open_scene
from start_races import start_races
from studio import issue_key
from witness import Witness
from zombies import zombies

Fault = Callable[[Ground], Awaitable[str]]

_AUDIT_SECONDS: Final = 120
_LOOK_SECONDS: Final = 10
_SESSIONS: Final = 10_000

FAULTS: Final[dict[str, Fault]] = {
    "services-killed": services_killed,
    "kafka-killed": kafka_killed,
    "postgres-killed": postgres_killed,
    "zombies": zombies,
    "copied-and-shuffled": copied_and_shuffled,
    "last-session": last_session,
    "start-races": start_races,
    "many-starts": many_starts,
    "late": late,
    "rolling-restart": rolling_restart,
    "replicas-added-and-removed": replicas_added_and_removed,
    "partitioned": partitioned,
    "replies-lost": replies_lost,
}


@dataclass(frozen=True)
class Row:
    """What a fault did, and that everything was right afterwards."""

    fault: str
    seed: int
    kills: int
    messages: int
    duplicates: int
    effects: str
    recovery_seconds: float


@asynccontextmanager
async def opened(stack: Stack, counts: Counts, progress: Progress) -> AsyncGenerator[Ground]:
    """Open a studio on a stack that runs, and let its members in."""
    scene = await asyncio.to_thread(open_scene, stack, progress, sessions=_SESSIONS)
    await scene.enter_members(counts.members)
    urls = [stack.service_url("gateway", replica) for replica in range(1, REPLICAS + 1)]
    with Edge(urls[0], stack.platform_key) as platform:
        app_key = issue_key(platform, "gateway", scene.studio.chain)
        desk_key = issue_key(platform, "operator", scene.studio.chain, scene.studio.location)
    async with PatientCaller.of(urls, app_key) as app, PatientCaller.of(urls, desk_key) as desk:
        yield Ground(stack, scene, app, desk, Witness(stack), Random(), counts)


async def play(ground: Ground, fault: str, seed: int) -> Row:
    """Let the fault strike; raises AssertionError if anything is lost, doubled, stuck or wrong."""
    ground.random.seed(f"{seed} {fault}")
    ground.kills = ground.witness.duplicates = 0
    for caller in (ground.app, ground.desk):
        caller.repeated.clear()
    await ground.witness.look(ground.replicas())
    ground.witness.duplicates = 0
    messages = await ground.witness.messages()
    effects = await FAULTS[fault](ground)
    await ground.all_ready()
    await ground.witness.nothing_under_way()
    recovery = monotonic() - ground.struck
    await _nothing_differs(ground)
    mistakes = ground.app.mistakes | ground.desk.mistakes
    assert not mistakes, mistakes
    await ground.witness.look(ground.replicas())
    messages = await ground.witness.messages() - messages
    duplicates = ground.witness.duplicates
    return Row(fault, seed, ground.kills, messages, duplicates, effects, recovery)


async def _nothing_differs(ground: Ground) -> None:
    """Audit until all is right; a consumer that hangs has the time to leave and start again."""
    give_up = monotonic() + _AUDIT_SECONDS
    while True:
        _, wrong = await asyncio.to_thread(audit, ground.stack, _LOOK_SECONDS)
        if not wrong:
            return
        assert monotonic() < give_up, wrong
        await ground.all_ready()
