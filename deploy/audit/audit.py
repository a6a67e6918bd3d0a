"""Looking at everything until nothing differs, or patience ends."""

import asyncio
import time

from devstack import Stack
from evidence import Evidence, gather
from findings import findings


def audit(stack: Stack, patience: float) -> tuple[Evidence, list[str]]:
    """Return the evidence and what is wrong; what is only under way has `patience` seconds."""
    give_up = time.monotonic() + patience
    while True:
        evidence = asyncio.run(gather(stack.database, stack.bootstrap_servers))
        wrong = findings(evidence)
        if not wrong or time.monotonic() > give_up:
            return evidence, wrong
        time.sleep(0.5)
