"""Locks between processes. The kernel releases them when their holder dies, however it dies."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(file: Path) -> Generator[None]:
    """Hold the exclusive lock of `file`, after waiting for whoever has it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


class Shared:
    """A lock that many processes hold at once, to know who comes first and who goes last.

    Call both methods under an exclusive lock of another file.
    """

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        self._handle = file.open("a")

    def enter(self) -> bool:
        """Join the holders; return whether there was none."""
        first = self._alone()
        fcntl.flock(self._handle, fcntl.LOCK_SH)
        return first

    def leave(self) -> bool:
        """Part from the holders; return whether none is left."""
        fcntl.flock(self._handle, fcntl.LOCK_UN)
        last = self._alone()
        self._handle.close()
        return last

    def _alone(self) -> bool:
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
