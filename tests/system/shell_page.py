"""A page of shell commands and answers, read so that a test can run the one and see the other.

A fenced block `sh` is run, all of a page in one shell. A block `json` after it is what it prints,
in part: an object may have more fields, and `…` stands for any value, for the rest of a text, and
at the end of a list for more of its elements. Other blocks are for people alone.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

_FENCED: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_REST_OF_OBJECT: Final = re.compile(r",?\s*…\s*(?=})")
_REST_OF_LIST: Final = re.compile(r"…\s*(?=])")
_ENDED: Final = "\x1e"
_PATIENCE_SECONDS: Final = 120


@dataclass
class Step:
    """Commands that are run together, and what they print according to the page."""

    commands: str
    answer: str | None = None


def steps(page: str) -> list[Step]:
    """Return the steps of a page, in order."""
    found: list[Step] = []
    for language, text in cast("list[tuple[str, str]]", _FENCED.findall(page)):
        if language == "sh":
            found.append(Step(text))
        elif language == "json" and found:
            found[-1].answer = text
    return found


def run(page: list[Step], folder: Path, settings: Mapping[str, str]) -> list[str]:
    """Run the steps in one bash, in `folder`; return what each of them prints.

    Raises AssertionError with the commands that failed, or did not end.
    """
    script = "".join(f"{step.commands}\nprintf '{_ENDED}'\n" for step in page)
    done = subprocess.run(
        ["timeout", str(_PATIENCE_SECONDS), "bash", "-eux", "-o", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    printed = done.stdout.split(_ENDED)
    if done.returncode:
        trace = "\n".join(done.stderr.splitlines()[-20:])
        raise AssertionError(f"{page[len(printed) - 1].commands}\n{printed[-1]}\n{trace}")
    return printed[:-1]


def differences(shown: str, printed: str) -> list[str]:
    """Return where an answer is not what the page shows of it."""
    return list(_differences(_read(shown), json.loads(printed), "answer"))


def _read(shown: str) -> Any:
    return json.loads(_REST_OF_LIST.sub('"…"', _REST_OF_OBJECT.sub("", shown)))


def _differences(shown: Any, seen: Any, place: str) -> Iterator[str]:
    match shown, seen:
        case dict(), dict():
            yield from _in_objects(
                cast("dict[str, Any]", shown), cast("dict[str, Any]", seen), place
            )
        case list(), list():
            yield from _in_lists(cast("list[Any]", shown), cast("list[Any]", seen), place)
        case str(), _ if shown.endswith("…") and str(seen).startswith(shown[:-1]):
            pass
        case _ if shown != seen:
            yield f"{place} is {seen!r}, not {shown!r}"
        case _:
            pass


def _in_objects(shown: dict[str, Any], seen: dict[str, Any], place: str) -> Iterator[str]:
    for name, value in shown.items():
        if name in seen:
            yield from _differences(value, seen[name], f"{place}.{name}")
        else:
            yield f"{place} has no {name}"


def _in_lists(shown: list[Any], seen: list[Any], place: str) -> Iterator[str]:
    in_part = shown[-1:] == ["…"]
    wanted = shown[:-1] if in_part else shown
    if len(seen) < len(wanted) or (len(seen) > len(wanted) and not in_part):
        yield f"{place} has {len(seen)} elements, not {len(wanted)}"
    for ordinal, (one, other) in enumerate(zip(wanted, seen, strict=False)):
        yield from _differences(one, other, f"{place}[{ordinal}]")
