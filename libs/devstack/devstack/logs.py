"""Following the logs of a stack, several files at once."""

import time
from collections.abc import Iterator
from pathlib import Path

_LINES_BEFORE = 20
_PAUSE_SECONDS = 0.2


def lines(folder: Path, wanted: str | None, *, follow: bool) -> Iterator[tuple[str, str]]:
    """Give (process, line) of process or service `wanted`, of all when it is None.

    Begins with the last lines there are; with `follow` it goes on as more are written.
    """
    positions: dict[Path, int] = {}
    while True:
        for file in sorted((folder / "logs").glob("*.log")):
            if wanted is None or file.stem == wanted or file.stem.startswith(f"{wanted}-"):
                for line in _fresh(
                    file, positions, at_most=None if file in positions else _LINES_BEFORE
                ):
                    yield file.stem, line
        if not follow:
            return
        time.sleep(_PAUSE_SECONDS)


def _fresh(file: Path, positions: dict[Path, int], *, at_most: int | None) -> list[str]:
    """Return the complete lines written since the last look."""
    position = positions.get(file, 0)
    if file.stat().st_size < position:  # it was put aside and begun anew
        position = 0
    with file.open("rb") as log:
        log.seek(position)
        text = log.read()
    complete = text[: text.rfind(b"\n") + 1]
    positions[file] = position + len(complete)
    found = complete.decode(errors="replace").splitlines()
    return found if at_most is None else found[-at_most:]
