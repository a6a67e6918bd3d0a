"""Keeping processes of one stack running: start what is dead, wait until it is ready, stop it."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from signal import SIGINT, SIGTERM
from threading import Event

import psutil

from devstack import processes
from devstack.errors import GivenUpError, StackError
from devstack.processes import Program
from devstack.progress import Progress

_START_SECONDS = 90
_REUSE_SECONDS = 15
_GRACE_SECONDS = 20
_OTHERS_SECONDS = 30


class Supervisor:
    """Starts and stops the processes of the stack in `folder`."""

    def __init__(self, folder: Path, progress: Progress) -> None:
        self._folder = folder
        self._progress = progress
        self._given_up = Event()

    def running(self) -> dict[str, psutil.Process]:
        """Return the living processes of the stack, by name."""
        return processes.running(self._folder)

    def resume(self) -> None:
        """Begin anew after an earlier start was given up."""
        self._given_up.clear()

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
        while processes.exit_code(process) is None:
            if self._given_up.wait(0.02):
                self.stop({program.name: process})
                raise GivenUpError(f"{program.name} was given up.")
        if processes.exit_code(process) != 0:
            raise StackError(f"{program.name} failed. {processes.tail(self._folder, program.name)}")

    def stop(self, victims: Mapping[str, psutil.Process]) -> None:
        """Stop `victims` at once and in good order, and kill those that take too long."""
        if not victims:
            return
        self._progress.doing(f"Stopping {', '.join(sorted(victims))}")
        stopping: list[Future[None]] = []
        with ThreadPoolExecutor(len(victims)) as threads:
            for name, process in victims.items():
                # Postgres waits for its clients on SIGTERM; SIGINT is its fast and safe way.
                first = SIGINT if name == "postgres" else SIGTERM
                stopping.append(threads.submit(processes.stop, process, first, _GRACE_SECONDS))
        for each in stopping:
            each.result()

    def together(self, steps: Sequence[Callable[[], None]]) -> None:
        """Take all `steps` at the same time; when one fails, the others give up."""
        with ThreadPoolExecutor(len(steps) or 1) as threads:
            taken = [threads.submit(step) for step in steps]
            try:
                errors = [error for step in as_completed(taken) if (error := self._error(step))]
            except BaseException:
                self._given_up.set()
                raise
        # The cause before those that gave up because of it.
        for error in sorted(errors, key=lambda error: isinstance(error, GivenUpError)):
            raise error

    def expect(self, what: str, is_ready: Callable[[], bool]) -> None:
        """Wait until a server that others started answers."""
        deadline = time.monotonic() + _OTHERS_SECONDS
        while not is_ready():
            if self._given_up.wait(0.2) or time.monotonic() > deadline:
                raise StackError(f"{what} does not answer.")

    def _error(self, step: Future[None]) -> BaseException | None:
        """Return what `step` failed with, after telling the others to give up."""
        error = step.exception()
        if error:
            self._given_up.set()
        return error

    def _wait(
        self, name: str, process: psutil.Process, is_ready: Callable[[], bool], seconds: float
    ) -> None:
        deadline = time.monotonic() + seconds
        while not is_ready():
            if self._given_up.wait(0.05):
                raise GivenUpError(f"Starting {name} was given up.")
            if not processes.is_alive(process):
                raise StackError(f"{name} ended while it started. {self._tail(name)}")
            if time.monotonic() > deadline:
                raise StackError(f"{name} is not ready after {seconds:.0f} s. {self._tail(name)}")

    def _tail(self, name: str) -> str:
        return processes.tail(self._folder, name)
