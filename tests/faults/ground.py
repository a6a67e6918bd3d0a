"""Where faults are played: a system of its own, a studio with members, and a random seed."""

import asyncio
from dataclasses import dataclass, field
from itertools import product
from random import Random
from time import monotonic
from typing import Final

from caller import PatientCaller
from counts import Counts
from devstack import Stack
from load import Json
from scene import Scene, name_of, phone_of
from witness import Witness

REPLICAS: Final = 2
_READY_SECONDS: Final = 60

Replica = tuple[str, int]


@dataclass
class Ground:
    """What a fault is given; it says when it strikes, so that recovery can be timed."""

    stack: Stack
    scene: Scene
    app: PatientCaller
    desk: PatientCaller
    witness: Witness
    random: Random
    counts: Counts
    kills: int = 0
    struck: float = field(default_factory=monotonic)
    booked: int = 0

    def replicas(self) -> list[Replica]:
        """Return every replica of every service."""
        return list(product(self.stack.services(), range(1, REPLICAS + 1)))

    def strike(self) -> None:
        """Note that the system was hurt, or is being healed, right now."""
        self.struck = monotonic()

    async def kill(self, name: str, replica: int = 1) -> None:
        """End a process with SIGKILL."""
        if name in self.stack.services():
            await self.witness.look([(name, replica)])
        await asyncio.to_thread(self.stack.kill, name, replica)
        self.kills += 1
        self.strike()

    async def start(self, name: str, replica: int = 1) -> None:
        """Start a process, and wait until it is ready."""
        await asyncio.to_thread(self.stack.start, name, replica)

    async def supervise(self) -> None:
        """Start what does not run, as whoever runs the services does."""
        await asyncio.to_thread(self.stack.up, replicas=REPLICAS)

    async def all_ready(self) -> None:
        """Wait until every process is ready by itself; only what has left is started again."""
        give_up = monotonic() + _READY_SECONDS
        while True:
            processes = await asyncio.to_thread(self.stack.processes)
            running = {one.name for one in processes if one.pid is not None}
            for service, replica in self.replicas():
                if f"{service}-{replica}" not in running:
                    await self.start(service, replica)
            waiting = [one.name for one in processes if not one.ready]
            if not waiting:
                return
            if monotonic() > give_up:
                raise AssertionError(f"not ready after {_READY_SECONDS} s: {', '.join(waiting)}")
            await asyncio.sleep(0.2)

    def booking(self, event: str) -> tuple[str, Json]:
        """Return the request that books one spot for the member whose turn it is."""
        member = self.booked % self.scene.members
        self.booked += 1
        form: Json = {"name": name_of(member), "phone": phone_of(member), "phone_confirmed": True}
        path = f"/locations/{self.scene.studio.location}/bookings"
        return path, form | {"spots": {"event_id": event}}
