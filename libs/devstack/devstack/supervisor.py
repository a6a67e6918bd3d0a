"""Keeping processes of one stack running: start what is dead, wait until it is ready, stop it."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from signal import SIGINT, SIGTERM
from threading import Event

import psutil

from devstack import processes
from devstack.errors import StackError
from devstack.processes import Program
from devstack.progress import Progress

_START_SECONDS = 90
_REUSE_SECONDS = 15
_GRACE_SECONDS = 20


class Supervisor:
    """Starts and stops the processes of the stack in `folder`."""

    def __init__(self, folder: Path, progress: Progress) -> None:
        self._folder = folder
        self._progress = progress
        self._given_up = Event()

    def running(self) -> dict[str, psutil.Process]:
        """Return the living processes of the stack, by name."""
        return processes.running(self._folder)

    def ensure(
        self, name: str, program: Callable[[], Program], is_ready: Callable[[], bool]
    ) -> None:
        """Start `name` unless it runs; start it anew when it runs but does not get ready."""
        begun = time.monotonic()
        process = self.running().get(name)
        if process is not None:
            try:
                self._wait(name, process, is_ready, _REUSE_SECONDS)
            except StackError:
                self.stop({name: process})
            else:
                return
        self._progress.doing(f"Starting {name}")
        process = processes.start(self._folder, program())
        self._wait(name, process, is_ready, _START_SECONDS)
        self._progress.done(f"{name} is ready ({time.monotonic() - begun:.1f} s)")

    def run(self, program: Program) -> None:
        """Run `program` to its end, which must be a good one."""
        self._progress.doing(f"Running {program.name}")
        process = processes.start(self._folder, program)
        if processes.exit_code(process, _START_SECONDS) != 0:
            raise StackError(f"{program.name} failed. {processes.tail(self._folder, program.name)}")

    def stop(self, victims: Mapping[str, psutil.Process]) -> None:
        """Stop `victims` at once and in good order, and kill those that take too long."""
        if not victims:
            return
        self._progress.doing(f"Stopping {', '.join(sorted(victims))}")
        with ThreadPoolExecutor(len(victims)) as threads:
            for name, process in victims.items():
                # Postgres waits for its clients on SIGTERM; SIGINT is its fast and safe way.
                first = SIGINT if name == "postgres" else SIGTERM
                threads.submit(processes.stop, process, first, grace=_GRACE_SECONDS)

    def together(self, steps: Sequence[Callable[[], None]]) -> None:
        """Take all `steps` at the same time; when one fails, the others give up."""
        self._given_up.clear()
        with ThreadPoolExecutor(len(steps) or 1) as threads:
            taken = [threads.submit(step) for step in steps]
            try:
                for step in as_completed(taken):
                    step.result()
            except BaseException:
                self._given_up.set()
                raise

    def _wait(
        self, name: str, process: psutil.Process, is_ready: Callable[[], bool], seconds: float
    ) -> None:
        deadline = time.monotonic() + seconds
        while not is_ready():
            if self._given_up.wait(0.05):
                raise StackError(f"Starting {name} was interrupted.")
            if not processes.is_alive(process):
                raise StackError(f"{name} ended while it started. {self._tail(name)}")
            if time.monotonic() > deadline:
                raise StackError(f"{name} is not ready after {seconds:.0f} s. {self._tail(name)}")

    def _tail(self, name: str) -> str:
        return processes.tail(self._folder, name)
