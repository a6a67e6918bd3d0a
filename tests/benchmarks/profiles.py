"""Where each service spends its time while it books and settles, sampled from outside."""

import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from signal import SIGINT
from typing import Final

from devstack import Stack

_PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "Kafka client": ("aiokafka/", "faststream/"),
    "Postgres client": ("asyncpg/",),
    "HTTP": ("uvicorn/", "litestar/", "httptools", "httpx/", "httpcore/", "web/"),
    "contracts": ("pydantic", "contracts/", "msgspec"),
    "messaging": ("messaging/", "postgres/"),
    "decisions": ("/domain/",),
    "SQL and rows": ("/store/", "/queries", "store.py", "queries.py"),
    "rooms": (
        "booking/", "membership/", "scheduler/", "sales/", "gateway/",
    ),
}  # fmt: skip
_SECONDS: Final = "3600"  # until we stop it

Profile = dict[str, float]


@contextmanager
def sampled(stack: Stack) -> Generator[dict[str, Profile]]:
    """Sample every service within this block; the shares, by place, are there after it."""
    profiles: dict[str, Profile] = {}
    with tempfile.TemporaryDirectory() as folder:
        running = {
            process.name: _spy(process.pid, Path(folder, process.name))
            for process in stack.processes()
            if process.name not in {"kafka", "postgres"} and process.pid
        }
        yield profiles
        for name, process in running.items():
            process.send_signal(SIGINT)
            process.wait()
            profiles[name] = _shares(Path(folder, name).read_text())


def _spy(pid: int, output: Path) -> "subprocess.Popen[bytes]":
    program = Path(sys.executable).parent / "py-spy"
    options = ["--duration", _SECONDS, "--rate", "100", "--format", "raw"]
    return subprocess.Popen(
        [program, "record", "--pid", str(pid), *options, "--output", output],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _shares(samples: str) -> Profile:
    counts: Counter[str] = Counter()
    for line in samples.splitlines():
        stack, _, number = line.rpartition(" ")
        if "concurrent/futures" not in stack:  # a thread that waits
            counts[_place(stack)] += int(number)
    total = sum(counts.values()) or 1
    return {place: 100 * count / total for place, count in counts.most_common()}


def _place(stack: str) -> str:
    """Return the place of the innermost frame that belongs to one."""
    files = re.findall(r"\(([^()]+):\d+\)", stack)
    for file in reversed(files[4:]):
        for place, parts in _PLACES.items():
            if any(part in file for part in parts):
                return place
    return "waiting, event loop, system calls"
