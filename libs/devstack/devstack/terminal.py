"""Progress for a person at a terminal, and errors without tracebacks."""

import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

from rich.console import Console

from devstack.errors import StackError
from devstack.progress import Progress


class _Spinner(Progress):
    """Progress on a terminal: one line that changes, and one for everything that is complete."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.status = console.status("Looking around")

    def doing(self, sentence: str) -> None:
        self.watching(sentence)
        if not self._console.is_terminal:
            self._console.print(f"  {sentence} …", highlight=False)

    def watching(self, sentence: str) -> None:
        self.status.update(f"{sentence} …")

    def done(self, sentence: str) -> None:
        self._console.print(f"[green]✓[/green] {sentence}", highlight=False)


@contextmanager
def watched(console: Console) -> Generator[Progress]:
    """Show progress, and end with a sentence instead of a traceback when something is wrong."""
    signal.signal(signal.SIGTERM, _interrupt)
    spinner = _Spinner(console)
    try:
        with spinner.status:
            yield spinner
    except StackError as error:
        console.print(f"✗ {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        console.print("Interrupted; `up` continues from here, `down` stops what was started.")
        sys.exit(130)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
